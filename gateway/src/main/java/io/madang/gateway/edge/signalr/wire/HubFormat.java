package io.madang.gateway.edge.signalr.wire;

import java.util.Optional;

/** One way to write hub messages. Safe on any thread. */
public interface HubFormat {
  HubFormat JSON = new JsonFormat();
  HubFormat MESSAGE_PACK = new PackFormat();

  /** As handshakes name it. */
  static Optional<HubFormat> named(String name) {
    return switch (name) {
      case "json" -> Optional.of(JSON);
      case "messagepack" -> Optional.of(MESSAGE_PACK);
      default -> Optional.empty();
    };
  }

  /** Whether messages are bytes, and not UTF-8 text. */
  boolean isBinary();

  /** The message, framed: whole, and able to stand before others. */
  byte[] write(HubMessage message);

  /**
   * Reads one message without its frame.
   *
   * @return empty for a message of a kind that is not known, which is to be ignored
   */
  Optional<HubMessage> read(byte[] message) throws BadHubMessageException;

  /** How many messages these framed bytes are, which {@link #write} made. */
  int count(byte[] messages);

  /** Takes the frames off what one connection sends. */
  HubFrames frames(int maxMessageBytes);
}
