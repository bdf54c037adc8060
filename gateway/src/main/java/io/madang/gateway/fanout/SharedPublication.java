package io.madang.gateway.fanout;

import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.topic.Publication;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
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

  /** What else was made of it. Replaced as a whole, by which a form may be lost that is then made again. */
  private volatile Map<Form, byte[]> forms = Map.of();

  /** How a publication is said beside the native frame. One object for all who say it alike: that is how it is known. */
  @FunctionalInterface
  public interface Form {
    byte[] of(SharedPublication publication);
  }

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

  /** The publication in a form, made when somebody needs it first; shared: read only. */
  public byte[] as(Form form) {
    Map<Form, byte[]> known = forms;
    byte[] made = known.get(form);
    if (made == null) {
      made = form.of(this);
      Map<Form, byte[]> more = new HashMap<>(forms);
      more.put(form, made);
      forms = more;
    }
    return made;
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
