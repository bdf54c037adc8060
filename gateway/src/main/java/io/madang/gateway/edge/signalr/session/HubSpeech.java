package io.madang.gateway.edge.signalr.session;

import io.madang.gateway.edge.websocket.wire.SharedFrames;
import io.madang.gateway.fanout.Encoding;
import io.madang.gateway.fanout.SharedPublication;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * How publications are said to the connections of one hub in one hub protocol: each made once for the node, and what a turn brings
 * once for the loop. One object for all of them: that is how what was made already is known.
 */
public final class HubSpeech {
  private final boolean isBinary;
  private final SharedPublication.Form messages;
  private final SharedPublication.Form count;
  private final Encoding<SharedFrames> frames;

  /**
   * @param messages the hub messages that a publication is, framed by the hub protocol; no bytes where it is none
   * @param counting how many messages such bytes are
   */
  public HubSpeech(
      boolean isBinary, SharedPublication.Form messages, ToIntFunction<byte[]> counting) {
    this.isBinary = isBinary;
    this.messages = messages;
    this.count = publication -> ByteBuffer.allocate(Integer.BYTES)
        .putInt(counting.applyAsInt(publication.as(messages)))
        .array();
    this.frames = publications -> {
      List<byte[]> said = publications.stream()
          .map(publication -> publication.as(messages))
          .filter(bytes -> bytes.length > 0)
          .toList();
      return isBinary ? SharedFrames.ofBytes(said) : SharedFrames.ofTexts(said);
    };
  }

  /** Whether the messages are bytes, and not UTF-8 text. */
  public boolean isBinary() {
    return isBinary;
  }

  /** The publication as whole hub messages, shared: read only; no bytes where nobody is to hear it. */
  public byte[] messages(SharedPublication publication) {
    return publication.as(messages);
  }

  /** How many hub messages the publication is; found out once for all. */
  public int count(SharedPublication publication) {
    return ByteBuffer.wrap(publication.as(count)).getInt();
  }

  /** Publications as WebSocket messages, one for each that somebody is to hear. */
  public Encoding<SharedFrames> frames() {
    return frames;
  }
}
