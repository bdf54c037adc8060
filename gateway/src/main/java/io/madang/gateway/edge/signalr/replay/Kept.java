package io.madang.gateway.edge.signalr.replay;

import io.madang.gateway.edge.signalr.wire.HubFormat;
import java.util.List;

/**
 * What is left of a connection's messages for whoever goes on with it.
 *
 * @param last the number of the newest message that was said
 * @param pieces what the client has not confirmed of them, in order
 * @param heard the number of the newest message that came
 */
public record Kept(HubFormat format, long last, List<Piece> pieces, long heard) {
  public Kept {
    pieces = List.copyOf(pieces);
  }
}
