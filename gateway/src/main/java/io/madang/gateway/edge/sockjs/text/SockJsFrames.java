package io.madang.gateway.edge.sockjs.text;

import java.nio.charset.StandardCharsets;
import java.util.Collection;

/** What a server says: open, heartbeat, an array of messages, close. Arrays given out are read only. */
public final class SockJsFrames {
  private static final byte[] OPEN = {'o'};
  private static final byte[] HEARTBEAT = {'h'};

  private static final byte[] STILL_OPEN = close(2010, "Another connection still open");
  private static final byte[] INTERRUPTED = close(1002, "Connection interrupted");

  private SockJsFrames() {}

  /** Says that a session has one response that waits already. */
  public static byte[] stillOpen() {
    return STILL_OPEN;
  }

  /** Says that a session is lost. */
  public static byte[] interrupted() {
    return INTERRUPTED;
  }

  public static byte[] open() {
    return OPEN;
  }

  public static byte[] heartbeat() {
    return HEARTBEAT;
  }

  /** @param elements each a {@link Quoted} message */
  public static byte[] messages(Collection<byte[]> elements) {
    int bytes = 2 + Math.max(1, elements.size());
    for (byte[] element : elements) {
      bytes += element.length;
    }
    byte[] frame = new byte[bytes];
    frame[0] = 'a';
    frame[1] = '[';
    int at = 2;
    for (byte[] element : elements) {
      if (at > 2) {
        frame[at++] = ',';
      }
      System.arraycopy(element, 0, frame, at, element.length);
      at += element.length;
    }
    frame[at] = ']';
    return frame;
  }

  /** Clients take exactly these two elements, and ignore a frame with more. */
  public static byte[] close(int code, String reason) {
    String quoted = new String(Quoted.of(reason), StandardCharsets.UTF_8);
    return ("c[" + code + "," + quoted + "]").getBytes(StandardCharsets.UTF_8);
  }
}
