package io.madang.gateway.edge.websocket.wire;

import io.madang.gateway.fanout.Encoded;
import io.madang.gateway.fanout.Encoding;
import io.madang.gateway.fanout.SharedPublication;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Publications as frames of {@code madang.v1}, one behind the other in one buffer that the sockets of a loop share. Belongs to
 * that loop: no other thread counts who holds it.
 */
public final class NativeFrames implements Encoded {
  /** How sockets are told publications that do not deflate. */
  static final Encoding<NativeFrames> PLAIN =
      publications -> of(publications, publication -> Optional.empty());

  private final ByteBuf frames;

  private NativeFrames(ByteBuf frames) {
    this.frames = frames;
  }

  /** How the sockets of a loop are told publications that do; each is deflated once for the node. */
  static Encoding<NativeFrames> deflatedBy(Deflation deflation) {
    return publications ->
        of(publications, publication -> publication.deflatedFrame(deflation::deflated));
  }

  private static NativeFrames of(
      List<SharedPublication> publications,
      Function<SharedPublication, Optional<byte[]>> deflated) {
    int bytes = 0;
    for (SharedPublication publication : publications) {
      byte[] text = deflated.apply(publication).orElseGet(publication::nativeFrame);
      bytes += Framing.frame(text.length);
    }
    ByteBuf frames = Framing.allocate(bytes);
    for (SharedPublication publication : publications) {
      Optional<byte[]> shorter = deflated.apply(publication);
      Framing.putText(frames, shorter.orElseGet(publication::nativeFrame), shorter.isPresent());
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
