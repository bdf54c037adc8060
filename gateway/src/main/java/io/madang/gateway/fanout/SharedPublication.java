package io.madang.gateway.fanout;

import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.topic.Publication;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * One publication for all connections of the node, encoded once. Safe on any thread: two loops that need the form in the same
 * moment may both make it, and either result serves.
 */
public final class SharedPublication {
  private static final FrameCodec CODEC = new FrameCodec();

  private final Publication publication;

  /** The native frame as UTF-8 JSON; null until somebody needs it. Never written to by readers. */
  private volatile byte[] nativeFrame;

  /** The native frame deflated, empty where that is no use; null until somebody needs it. Never written to by readers. */
  private volatile Optional<byte[]> deflatedFrame;

  public SharedPublication(Publication publication) {
    this.publication = publication;
  }

  public Publication publication() {
    return publication;
  }

  /** The frame of {@code madang.v1} as UTF-8, shared: read only. */
  public byte[] nativeFrame() {
    byte[] frame = nativeFrame;
    if (frame == null) {
      frame = CODEC.encode(frameOf(publication));
      nativeFrame = frame;
    }
    return frame;
  }

  /**
   * {@link #nativeFrame} deflated, shared: read only; empty where that is no use.
   *
   * @param deflating deflates without a memory, so that the result is the same whoever does it
   */
  public Optional<byte[]> deflatedFrame(Function<byte[], Optional<byte[]>> deflating) {
    Optional<byte[]> frame = deflatedFrame;
    if (frame == null) {
      frame = deflating.apply(nativeFrame());
      deflatedFrame = frame;
    }
    return frame;
  }

  /** The publication as a client hears it. */
  public static ServerFrame.Publication frameOf(Publication publication) {
    return new ServerFrame.Publication(
        publication.topic().name(),
        publication
            .position()
            .map(at -> new ServerFrame.Place(at.epoch(), at.offset(), publication.previous())),
        publication.event(),
        publication.key(),
        publication.command(),
        Instant.ofEpochMilli(publication.timeMillis()),
        RawJson.trusted(publication.data().utf8()));
  }
}
