package io.madang.gateway.edge.signalr.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.madang.protocol.json.JsonLimits;
import io.madang.protocol.json.JsonText;
import io.madang.protocol.json.RawJson;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * Reads MessagePack of untrusted origin. No size that it names is believed: it must be there. Values are nested no deeper than JSON of
 * clients may be.
 */
final class PackReader {
  private static final int MAX_DEPTH = JsonLimits.fromClients().maxDepth();
  private static final int TIMESTAMP = -1;
  private static final int NIL = 0xC0;

  private final byte[] bytes;
  private int at;

  PackReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** How many elements the array has that begins here. */
  int array() throws BadHubMessageException {
    int head = unsigned(1);
    int size = arraySize(head);
    if (size < 0) {
      throw bad("an array is due");
    }
    return size;
  }

  long integer() throws BadHubMessageException {
    int head = unsigned(1);
    if (!isInteger(head)) {
      throw bad("an integer is due");
    }
    BigInteger value = integer(head);
    if (value.bitLength() >= Long.SIZE) {
      throw bad("an integer is out of range");
    }
    return value.longValue();
  }

  String text() throws BadHubMessageException {
    int size = textSize(unsigned(1));
    if (size < 0) {
      throw bad("a string is due");
    }
    return text(size);
  }

  /** Empty for nil. */
  Optional<String> optionalText() throws BadHubMessageException {
    return isNil() ? Optional.empty() : Optional.of(text());
  }

  boolean flag() throws BadHubMessageException {
    int head = unsigned(1);
    if (head != 0xC2 && head != 0xC3) {
      throw bad("true or false is due");
    }
    return head == 0xC3;
  }

  private boolean isNil() throws BadHubMessageException {
    if (unsigned(1) == NIL) {
      return true;
    }
    at--;
    return false;
  }

  /** Whatever value is here, as JSON. */
  RawJson json() throws BadHubMessageException {
    try {
      return RawJson.trusted(JsonText.of(out -> {
        try {
          value(out, 1);
        } catch (BadHubMessageException e) {
          throw new CarriedException(e);
        }
      }));
    } catch (CarriedException e) {
      throw e.cause;
    }
  }

  /** The array that is here, as JSON. */
  RawJson jsonArray() throws BadHubMessageException {
    int start = at;
    array();
    at = start;
    return json();
  }

  /** Goes behind whatever value is here. */
  void skip() throws BadHubMessageException {
    json();
  }

  /** Carries bad input through what may throw only what generators throw. */
  private static final class CarriedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient BadHubMessageException cause;

    CarriedException(BadHubMessageException cause) {
      super(null, null, false, false);
      this.cause = cause;
    }
  }

  private void value(JsonGenerator out, int depth) throws IOException, BadHubMessageException {
    int head = unsigned(1);
    int size;
    if ((size = arraySize(head)) >= 0) {
      list(out, size, deeper(depth));
    } else if ((size = mapSize(head)) >= 0) {
      object(out, size, deeper(depth));
    } else if ((size = textSize(head)) >= 0) {
      out.writeString(text(size));
    } else if (isInteger(head)) {
      out.writeNumber(integer(head));
    } else {
      other(out, head);
    }
  }

  private void other(JsonGenerator out, int head) throws IOException, BadHubMessageException {
    switch (head) {
      case NIL -> out.writeNull();
      case 0xC2 -> out.writeBoolean(false);
      case 0xC3 -> out.writeBoolean(true);
      case 0xC4 -> bytes(out, unsigned(1));
      case 0xC5 -> bytes(out, unsigned(2));
      case 0xC6 -> bytes(out, size(4));
      case 0xC7 -> extension(out, unsigned(1));
      case 0xC8 -> extension(out, unsigned(2));
      case 0xC9 -> extension(out, size(4));
      case 0xCA -> decimal(out, Float.intBitsToFloat((int) signed(4)));
      case 0xCB -> decimal(out, Double.longBitsToDouble(signed(8)));
      case 0xD4 -> extension(out, 1);
      case 0xD5 -> extension(out, 2);
      case 0xD6 -> extension(out, 4);
      case 0xD7 -> extension(out, 8);
      case 0xD8 -> extension(out, 16);
      default -> throw bad("no value begins with " + head);
    }
  }

  private static int deeper(int depth) throws BadHubMessageException {
    if (depth > MAX_DEPTH) {
      throw new BadHubMessageException("values are nested deeper than " + MAX_DEPTH);
    }
    return depth + 1;
  }

  private void list(JsonGenerator out, int size, int depth)
      throws IOException, BadHubMessageException {
    out.writeStartArray();
    for (int i = 0; i < size; i++) {
      value(out, depth);
    }
    out.writeEndArray();
  }

  private void object(JsonGenerator out, int size, int depth)
      throws IOException, BadHubMessageException {
    out.writeStartObject();
    for (int i = 0; i < size; i++) {
      out.writeFieldName(name());
      value(out, depth);
    }
    out.writeEndObject();
  }

  /** Names of members are strings in JSON; here integers may be names too. */
  private String name() throws BadHubMessageException {
    int head = unsigned(1);
    int size = textSize(head);
    if (size >= 0) {
      return text(size);
    }
    if (isInteger(head)) {
      return integer(head).toString();
    }
    throw bad("a member is named by a string or an integer");
  }

  /** JSON has no number for these; so does .NET write them. */
  private static void decimal(JsonGenerator out, double value) throws IOException {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      out.writeString(Double.toString(value));
    } else {
      out.writeNumber(value);
    }
  }

  private void bytes(JsonGenerator out, int size) throws IOException, BadHubMessageException {
    require(size);
    out.writeString(Base64.getEncoder().encodeToString(slice(size)));
  }

  /** What an application means by one of its own only its service knows, which sees number and bytes. */
  private void extension(JsonGenerator out, int size) throws IOException, BadHubMessageException {
    int type = (byte) unsigned(1);
    if (type == TIMESTAMP) {
      out.writeString(timestamp(size));
    } else {
      out.writeStartObject();
      out.writeNumberField("extension", type);
      out.writeFieldName("bytes");
      bytes(out, size);
      out.writeEndObject();
    }
  }

  private String timestamp(int size) throws BadHubMessageException {
    try {
      return switch (size) {
        case 4 -> Instant.ofEpochSecond(signed(4) & 0xFFFFFFFFL).toString();
        case 8 -> {
          long both = signed(8);
          yield Instant.ofEpochSecond(both & 0x3FFFFFFFFL, both >>> 34).toString();
        }
        case 12 -> {
          long nanos = signed(4) & 0xFFFFFFFFL;
          yield Instant.ofEpochSecond(signed(8), nanos).toString();
        }
        default -> throw bad("a point in time has 4, 8 or 12 bytes");
      };
    } catch (DateTimeException | ArithmeticException e) {
      throw bad("a point in time is out of range");
    }
  }

  /** Below 0 where no array begins. */
  private int arraySize(int head) throws BadHubMessageException {
    int size = (head & 0xF0) == 0x90
        ? head & 0x0F
        : head == 0xDC ? unsigned(2) : head == 0xDD ? size(4) : -1;
    // Each element has a byte at least.
    if (size > 0) {
      require(size);
    }
    return size;
  }

  private int mapSize(int head) throws BadHubMessageException {
    int size = (head & 0xF0) == 0x80
        ? head & 0x0F
        : head == 0xDE ? unsigned(2) : head == 0xDF ? size(4) : -1;
    if (size > 0) {
      require(size);
    }
    return size;
  }

  private int textSize(int head) throws BadHubMessageException {
    return (head & 0xE0) == 0xA0
        ? head & 0x1F
        : head == 0xD9 ? unsigned(1) : head == 0xDA ? unsigned(2) : head == 0xDB ? size(4) : -1;
  }

  private static boolean isInteger(int head) {
    return head < 0x80 || head >= 0xE0 || (head >= 0xCC && head <= 0xD3);
  }

  private BigInteger integer(int head) throws BadHubMessageException {
    return switch (head) {
      case 0xCC -> BigInteger.valueOf(unsigned(1));
      case 0xCD -> BigInteger.valueOf(unsigned(2));
      case 0xCE -> BigInteger.valueOf(signed(4) & 0xFFFFFFFFL);
      case 0xCF -> {
        require(8);
        yield new BigInteger(1, slice(8));
      }
      case 0xD0 -> BigInteger.valueOf(signed(1));
      case 0xD1 -> BigInteger.valueOf(signed(2));
      case 0xD2 -> BigInteger.valueOf(signed(4));
      case 0xD3 -> BigInteger.valueOf(signed(8));
      default -> BigInteger.valueOf((byte) head);
    };
  }

  private String text(int size) throws BadHubMessageException {
    require(size);
    try {
      String text = StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, at, size))
          .toString();
      at += size;
      return text;
    } catch (CharacterCodingException e) {
      throw bad("a string is not UTF-8");
    }
  }

  private byte[] slice(int size) {
    byte[] part = new byte[size];
    System.arraycopy(bytes, at, part, 0, size);
    at += size;
    return part;
  }

  private int unsigned(int size) throws BadHubMessageException {
    return (int) (signed(size) & ((1L << (8 * size)) - 1));
  }

  /** A size that takes four bytes; larger than any that can be there is as bad as not being there. */
  private int size(int bytesOfIt) throws BadHubMessageException {
    long size = signed(bytesOfIt) & 0xFFFFFFFFL;
    if (size > bytes.length) {
      throw bad("the message ends in the middle");
    }
    return (int) size;
  }

  private long signed(int size) throws BadHubMessageException {
    require(size);
    long value = bytes[at++];
    for (int i = 1; i < size; i++) {
      value = (value << 8) | (bytes[at++] & 0xFF);
    }
    return value;
  }

  private void require(int size) throws BadHubMessageException {
    if (size > bytes.length - at) {
      throw bad("the message ends in the middle");
    }
  }

  private BadHubMessageException bad(String message) {
    return new BadHubMessageException(message + " (byte " + at + ")");
  }
}
