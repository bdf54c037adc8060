package io.madang.gateway.edge.sockjs.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Texts as JSON strings in UTF-8, with those characters escaped that some browser, or JavaScript source, does not bring through
 * unchanged: beside JSON's own U+200C–200F, 2028–202F, 2060–206F, FFF0–FFFF and halves of surrogate pairs. Whole pairs stay.
 */
public final class Quoted {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** JSON that is put into a string has a quotation mark to escape in every few bytes. */
  private static final int GUESSED_GROWTH = 4;

  private Quoted() {}

  /** Of a text that is UTF-8 already, which has no half pairs. */
  public static byte[] of(byte[] utf8) {
    Out out = new Out(utf8.length + utf8.length / GUESSED_GROWTH + 2);
    out.write('"');
    int copied = 0;
    for (int i = 0; i < utf8.length; i++) {
      int c = utf8[i] & 0xFF;
      if (c < 0x20 || c == '"' || c == '\\') {
        out.write(utf8, copied, i - copied);
        out.ascii(c);
        copied = i + 1;
      } else if ((c == 0xE2 || c == 0xEF) && i + 2 < utf8.length) {
        int code = ((c & 0x0F) << 12) | ((utf8[i + 1] & 0x3F) << 6) | (utf8[i + 2] & 0x3F);
        if (isFragile(code)) {
          out.write(utf8, copied, i - copied);
          out.escape(code);
          copied = i + 3;
        }
        i += 2;
      }
    }
    out.write(utf8, copied, utf8.length - copied);
    out.write('"');
    return out.toByteArray();
  }

  /** Of a text that may hold half pairs, as strings of JavaScript may. */
  public static byte[] of(String text) {
    StringBuilder whole = new StringBuilder(text.length());
    boolean hasHalf = false;
    for (int i = 0; i < text.length(); i++) {
      hasHalf |= isHalf(text, i);
    }
    if (!hasHalf) {
      return of(text.getBytes(StandardCharsets.UTF_8));
    }
    Out out = new Out(text.length() * 2);
    out.write('"');
    for (int i = 0; i < text.length(); i++) {
      if (isHalf(text, i)) {
        out.inside(whole);
        out.escape(text.charAt(i));
      } else {
        whole.append(text.charAt(i));
      }
    }
    out.inside(whole);
    out.write('"');
    return out.toByteArray();
  }

  /** A message that is JSON itself, as UTF-8: half pairs become the escapes that they were or might have been. */
  public static byte[] jsonUtf8(String json) {
    StringBuilder escaped = new StringBuilder(0);
    for (int i = 0; i < json.length(); i++) {
      if (isHalf(json, i)) {
        if (escaped.isEmpty()) {
          escaped.append(json, 0, i);
        }
        escaped.append("\\u").append(Integer.toHexString(json.charAt(i)));
      } else if (!escaped.isEmpty()) {
        escaped.append(json.charAt(i));
      }
    }
    return (escaped.isEmpty() ? json : escaped.toString()).getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isHalf(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }

  private static boolean isFragile(int c) {
    return (c >= 0x200C && c <= 0x200F)
        || (c >= 0x2028 && c <= 0x202F)
        || (c >= 0x2060 && c <= 0x206F)
        || (c >= 0xFFF0 && c <= 0xFFFF);
  }

  private static final class Out extends ByteArrayOutputStream {
    Out(int bytes) {
      super(bytes);
    }

    void ascii(int c) {
      int shorter = switch (c) {
        case '"', '\\' -> c;
        case '\n' -> 'n';
        case '\r' -> 'r';
        case '\t' -> 't';
        case '\b' -> 'b';
        case '\f' -> 'f';
        default -> 0;
      };
      if (shorter == 0) {
        escape(c);
      } else {
        write('\\');
        write(shorter);
      }
    }

    /** As the protocol's test suite compares it: four digits in lower case. */
    void escape(int c) {
      write('\\');
      write('u');
      for (int shift = 12; shift >= 0; shift -= 4) {
        write(HEX[(c >> shift) & 0xF]);
      }
    }

    /** What came before a half pair, and nothing more of it. */
    void inside(StringBuilder whole) {
      byte[] quoted = of(whole.toString().getBytes(StandardCharsets.UTF_8));
      write(quoted, 1, quoted.length - 2);
      whole.setLength(0);
    }
  }
}
