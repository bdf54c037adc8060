package io.madang.protocol.json;

import java.util.Arrays;

/** One verified value inside a JSON text: what kind it is, and which bytes of the text it spans. */
public final class JsonValue {
  /** What a value is; integers are told from other numbers by how they are written, as in {@code 4} and {@code 4.0}. */
  public enum Kind {
    STRING("a string"),
    INTEGER("an integer"),
    DECIMAL("a decimal number"),
    TRUE("true"),
    FALSE("false"),
    NULL("null"),
    OBJECT("an object"),
    ARRAY("an array");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** For messages: "an object". */
    public String words() {
      return words;
    }
  }

  private final Kind kind;
  private final byte[] source;
  private final int start;
  private final int end;

  /** The decoded string of a STRING, the digits of a number; empty for all others. */
  private final String text;

  JsonValue(Kind kind, byte[] source, int start, int end, String text) {
    this.kind = kind;
    this.source = source;
    this.start = start;
    this.end = end;
    this.text = text;
  }

  public Kind kind() {
    return kind;
  }

  /** The characters of a string, or a number as it was written; empty for all other kinds. */
  public String text() {
    return text;
  }

  /** The value's own bytes, copied out of the text it stands in. */
  public RawJson raw() {
    return RawJson.trusted(Arrays.copyOfRange(source, start, end));
  }

  byte[] source() {
    return source;
  }

  int start() {
    return start;
  }

  int length() {
    return end - start;
  }
}
