package io.madang.gateway.edge.signalr.session;

import io.madang.gateway.edge.websocket.wire.SharedFrames;
import io.madang.gateway.fanout.Encoding;
import io.madang.gateway.fanout.SharedPublication;
import java.util.List;

/**
 * How publications are said to the connections of one hub in one hub protocol: each made once for the node, and what a turn brings
 * once for the loop. One object for all of them: that is how what was made already is known.
 */
public final class HubSpeech {
  private final boolean isBinary;
  private final SharedPublication.Form messages;
  private final Encoding<SharedFrames> frames;

  /** @param messages the hub messages that a publication is, framed by the hub protocol; no bytes where it is none */
  public HubSpeech(boolean isBinary, SharedPublication.Form messages) {
    this.isBinary = isBinary;
    this.messages = messages;
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

  /** Publications as WebSocket messages, one for each that somebody is to hear. */
  public Encoding<SharedFrames> frames() {
    return frames;
  }
}
