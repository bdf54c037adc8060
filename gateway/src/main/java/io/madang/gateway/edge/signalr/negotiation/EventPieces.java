package io.madang.gateway.edge.signalr.negotiation;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Hub messages as server-sent events (WHATWG HTML, section 9.2). */
final class EventPieces {
  /** Nothing to a client but that the stream is there; some browsers say so only when something came. */
  static final byte[] COMMENT = ":\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final int AROUND = 64;

  private EventPieces() {}

  /**
   * One event, of which a client makes the same text again.
   *
   * @param messages UTF-8; what ends a line in it is only space between parts of JSON, and may become another end of line
   */
  static byte[] event(byte[] messages) {
    ByteArrayOutputStream event = new ByteArrayOutputStream(messages.length + AROUND);
    event.writeBytes(DATA);
    int begun = 0;
    for (int at = 0; at < messages.length; at++) {
      if (messages[at] == '\n' || messages[at] == '\r') {
        event.write(messages, begun, at - begun);
        event.write('\r');
        event.write('\n');
        event.writeBytes(DATA);
        if (messages[at] == '\r' && at + 1 < messages.length && messages[at + 1] == '\n') {
          at++;
        }
        begun = at + 1;
      }
    }
    event.write(messages, begun, messages.length - begun);
    event.writeBytes("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return event.toByteArray();
  }
}
