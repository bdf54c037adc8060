package io.madang.gateway.edge.websocket.wire;

import io.madang.gateway.fanout.Encoded;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Texts that an edge made of publications, as frames one behind the other in one buffer that the sockets of a loop share. Belongs
 * to that loop: no other thread counts who holds it.
 */
public final class TextFrames implements Encoded {
  private final ByteBuf frames;

  private TextFrames(ByteBuf frames) {
    this.frames = frames;
  }

  /** @param texts as UTF-8 */
  public static TextFrames of(List<byte[]> texts) {
    int bytes = 0;
    for (byte[] text : texts) {
      bytes += Framing.textFrame(text.length);
    }
    ByteBuf frames = Framing.allocate(bytes);
    for (byte[] text : texts) {
      Framing.putText(frames, text, false);
    }
    return new TextFrames(frames);
  }

  int bytes() {
    return frames.readableBytes();
  }

  /** For one socket more, which releases it when the network has it. */
  ByteBuf oneMore() {
    return frames.retainedDuplicate();
  }

  @Override
  public void release() {
    frames.release();
  }
}
