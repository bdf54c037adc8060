package io.madang.gateway.edge.sse.wire;

import io.madang.gateway.fanout.Encoded;
import io.madang.gateway.fanout.Encoding;
import io.madang.gateway.fanout.SharedPublication;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;

/**
 * Publications as events of streams that have no other topic: their ids say where that topic stands and nothing else, so that
 * all such streams of a loop are told the same bytes. Belongs to that loop: no other thread counts who holds it.
 */
final class SharedEvents implements Encoded {
  private static final Encoding<SharedEvents> CHUNKED = publications -> of(publications, true);
  private static final Encoding<SharedEvents> PLAIN = publications -> of(publications, false);

  private final ByteBuf events;

  private SharedEvents(ByteBuf events) {
    this.events = events;
  }

  /** How streams are told that are written so. */
  static Encoding<SharedEvents> encoding(boolean chunked) {
    return chunked ? CHUNKED : PLAIN;
  }

  private static SharedEvents of(List<SharedPublication> publications, boolean chunked) {
    int bytes = 0;
    for (SharedPublication each : publications) {
      bytes += EventText.AROUND + Positions.MOST_BYTES_OF_ONE + each.nativeFrame().length;
    }
    EventText text = new EventText(chunked, bytes);
    for (SharedPublication each : publications) {
      Optional<byte[]> id = each.publication()
          .position()
          .map(position -> Positions.id(each.publication().topic(), position));
      id.ifPresent(text::id);
      text.data(each.nativeFrame());
    }
    return new SharedEvents(text.bytes());
  }

  int bytes() {
    return events.readableBytes();
  }

  /** For one stream more, which releases it when the network has it. */
  ByteBuf oneMore() {
    return events.retainedDuplicate();
  }

  @Override
  public void release() {
    events.release();
  }
}
