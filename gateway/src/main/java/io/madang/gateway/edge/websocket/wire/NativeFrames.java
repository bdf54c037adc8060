package io.madang.gateway.edge.websocket.wire;

import io.madang.gateway.fanout.Encoded;
import io.madang.gateway.fanout.Encoding;
import io.madang.gateway.fanout.SharedPublication;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Publications as frames of {@code madang.v1}, one behind the other in one buffer that the sockets of a loop share. Belongs to
 * that loop: no other thread counts who holds it.
 */
public final class NativeFrames implements Encoded {
  /** How the sockets of {@code /ws} are told publications. */
  public static final Encoding<NativeFrames> ENCODING = NativeFrames::of;

  private final ByteBuf frames;

  private NativeFrames(ByteBuf frames) {
    this.frames = frames;
  }

  private static NativeFrames of(List<SharedPublication> publications) {
    int bytes = 0;
    for (SharedPublication publication : publications) {
      bytes += Framing.textFrame(publication.nativeFrame().length);
    }
    ByteBuf frames = Framing.allocate(bytes);
    for (SharedPublication publication : publications) {
      Framing.putText(frames, publication.nativeFrame());
    }
    return new NativeFrames(frames);
  }

  public int bytes() {
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
