package io.madang.gateway.edge.sockjs.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What a transport puts around one frame. */
public sealed interface Wrapping {
  byte[] wrap(byte[] frame);

  /** A line of its own: {@code xhr} and {@code xhr_streaming}. */
  record Line() implements Wrapping {
    @Override
    public byte[] wrap(byte[] frame) {
      byte[] line = new byte[frame.length + 1];
      System.arraycopy(frame, 0, line, 0, frame.length);
      line[frame.length] = '\n';
      return line;
    }
  }

  /** An event of {@code eventsource}, whose client decodes percent signs before it looks at the frame. */
  record Event() implements Wrapping {
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PERCENT = "%25".getBytes(StandardCharsets.US_ASCII);

    @Override
    public byte[] wrap(byte[] frame) {
      ByteArrayOutputStream event = new ByteArrayOutputStream(frame.length + 16);
      event.writeBytes(DATA);
      int copied = 0;
      for (int i = 0; i < frame.length; i++) {
        if (frame[i] == '%') {
          event.write(frame, copied, i - copied);
          event.writeBytes(PERCENT);
          copied = i + 1;
        }
      }
      event.write(frame, copied, frame.length - copied);
      event.writeBytes(END);
      return event.toByteArray();
    }
  }

  /** A script element of {@code htmlfile}, in which no message may end the element. */
  record Script() implements Wrapping {
    @Override
    public byte[] wrap(byte[] frame) {
      return ("<script>\np(" + asSource(frame) + ");\n</script>\r\n")
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * A call of {@code jsonp}.
   *
   * @param callback checked by {@link #isCallback}
   */
  record Call(String callback) implements Wrapping {
    private static final int MAX_CALLBACK_CHARS = 32;

    public static boolean isCallback(String name) {
      return name.length() <= MAX_CALLBACK_CHARS && name.matches("[a-zA-Z0-9_.-]+");
    }

    @Override
    public byte[] wrap(byte[] frame) {
      // The comment keeps what comes behind it from being taken for a file of another kind.
      return ("/**/" + callback + "(" + asSource(frame) + ");\r\n")
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The frame as a string of JavaScript source that is also harmless in HTML. */
  private static String asSource(byte[] frame) {
    return new String(Quoted.of(frame), StandardCharsets.UTF_8).replace("<", "\\u003c");
  }
}
