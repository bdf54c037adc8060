package io.madang.gateway.edge.signalr.replay;

import java.util.List;

/**
 * What is left of a connection's messages for whoever goes on with it.
 *
 * @param isBinary whether they are bytes
 * @param last the number of the newest message that was said
 * @param pieces what the client has not confirmed of them, in order
 * @param heard the number of the newest message that came
 */
public record Kept(boolean isBinary, long last, List<Piece> pieces, long heard) {
  public Kept {
    pieces = List.copyOf(pieces);
  }
}
