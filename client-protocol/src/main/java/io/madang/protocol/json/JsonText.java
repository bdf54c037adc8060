package io.madang.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Writes JSON texts into memory, opaque values as they are. Safe for use from any thread. */
public final class JsonText {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int USUAL_BYTES = 256;

  private JsonText() {}

  /** What puts the members or elements of a text; it may throw only what the generator throws. */
  @FunctionalInterface
  public interface Writing {
    void write(JsonGenerator out) throws IOException;
  }

  /** The UTF-8 bytes of what {@code writing} writes. */
  public static byte[] of(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
    try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
      writing.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  /** One object, whose members {@code members} writes. */
  public static RawJson object(Writing members) {
    return RawJson.trusted(of(out -> {
      out.writeStartObject();
      members.write(out);
      out.writeEndObject();
    }));
  }

  /** Puts an opaque value where a value is due, without looking at it or encoding it again. */
  public static void raw(JsonGenerator out, RawJson value) throws IOException {
    out.writeRawValue(new Verbatim(value));
  }

  /** The generator's own way to take bytes that are encoded already. */
  private record Verbatim(RawJson value) implements SerializableString {
    @Override
    public String getValue() {
      return value.toString();
    }

    @Override
    public int charLength() {
      return getValue().length();
    }

    @Override
    public char[] asQuotedChars() {
      throw new UnsupportedOperationException("an opaque value is never quoted");
    }

    @Override
    public byte[] asUnquotedUTF8() {
      return value.utf8();
    }

    @Override
    public byte[] asQuotedUTF8() {
      throw new UnsupportedOperationException("an opaque value is never quoted");
    }

    @Override
    public int appendQuotedUTF8(byte[] buffer, int offset) {
      return -1;
    }

    @Override
    public int appendQuoted(char[] buffer, int offset) {
      return -1;
    }

    @Override
    public int appendUnquotedUTF8(byte[] buffer, int offset) {
      if (value.length() > buffer.length - offset) {
        return -1;
      }
      value.copyTo(buffer, offset);
      return value.length();
    }

    @Override
    public int appendUnquoted(char[] buffer, int offset) {
      return -1;
    }

    @Override
    public int writeQuotedUTF8(OutputStream out) {
      return -1;
    }

    @Override
    public int writeUnquotedUTF8(OutputStream out) throws IOException {
      value.writeTo(out);
      return value.length();
    }

    @Override
    public int putQuotedUTF8(ByteBuffer buffer) {
      return -1;
    }

    @Override
    public int putUnquotedUTF8(ByteBuffer buffer) {
      return -1;
    }
  }
}
