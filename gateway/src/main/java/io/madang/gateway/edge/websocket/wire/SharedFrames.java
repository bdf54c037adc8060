package io.madang.gateway.edge.websocket.wire;

import io.madang.gateway.fanout.Encoded;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Messages that an edge made of publications, as frames one behind the other in one buffer that the sockets of a loop share. Belongs
 * to that loop: no other thread counts who holds it.
 */
public final class SharedFrames implements Encoded {
  private final ByteBuf frames;

  private SharedFrames(ByteBuf frames) {
    this.frames = frames;
  }

  /** @param texts as UTF-8; one message each */
  public static SharedFrames ofTexts(List<byte[]> texts) {
    ByteBuf frames = Framing.allocate(framed(texts));
    for (byte[] text : texts) {
      Framing.putText(frames, text, false);
    }
    return new SharedFrames(frames);
  }

  /** @param messages one message each, of bytes that are no text */
  public static SharedFrames ofBytes(List<byte[]> messages) {
    ByteBuf frames = Framing.allocate(framed(messages));
    for (byte[] message : messages) {
      Framing.putBytes(frames, message);
    }
    return new SharedFrames(frames);
  }

  private static int framed(List<byte[]> messages) {
    int bytes = 0;
    for (byte[] message : messages) {
      bytes += Framing.frame(message.length);
    }
    return bytes;
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
