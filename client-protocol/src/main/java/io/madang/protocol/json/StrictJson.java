package io.madang.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Reads one JSON text of untrusted origin, one level deep, and verifies the whole of it.
 *
 * <p>Beyond RFC 8259 it refuses what one of our stores or one of our clients' languages cannot hold: invalid UTF-8 and
 * a byte order mark, lone surrogates, the character NUL, a member named twice, numbers beyond the range of a double,
 * and anything above its {@link JsonLimits}. It refuses anything after the value. Safe for use from any thread.
 */
public final class StrictJson {
  /** Of a parser's message; more than any has that repeats nothing. */
  private static final int MAX_SHOWN_CHARS = 160;

  private static final StrictJson FROM_CLIENTS = new StrictJson(JsonLimits.fromClients());

  private final JsonFactory factory;
  private final JsonLimits limits;

  public StrictJson(JsonLimits limits) {
    this.limits = limits;
    this.factory = new JsonFactoryBuilder()
        // Names come from strangers: neither keep them in the JVM's string table, nor let a
        // crafted set of names make the shared symbol table refuse everybody else's texts.
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(limits.maxDepth())
            .maxNumberLength(limits.maxNumberLength())
            .build())
        .build();
  }

  /** The reader for what clients send. */
  public static StrictJson fromClients() {
    return FROM_CLIENTS;
  }

  /** Checks that the bytes are exactly one value of any kind. */
  public void verify(byte[] utf8) throws MalformedJsonException {
    read(utf8, 0, utf8.length, (parser, text) -> text.value(parser, parser.nextToken()));
  }

  /** The one value the bytes hold. */
  public JsonValue value(byte[] utf8) throws MalformedJsonException {
    JsonValue[] value = new JsonValue[1];
    read(utf8, 0, utf8.length, (parser, text) -> value[0] = text.value(parser, parser.nextToken()));
    return value[0];
  }

  /**
   * Hands out the members of the one object the bytes hold, in their order.
   *
   * @param members is given each name and value as soon as it is verified, so that it keeps what came
   *     before the fault when this throws
   */
  public void object(byte[] utf8, BiConsumer<String, JsonValue> members)
      throws MalformedJsonException {
    read(utf8, 0, utf8.length, (parser, text) -> text.object(parser, members));
  }

  /** As {@link #object(byte[], BiConsumer)}, for an object found inside another text. */
  public void object(JsonValue object, BiConsumer<String, JsonValue> members)
      throws MalformedJsonException {
    read(
        object.source(),
        object.start(),
        object.length(),
        (parser, text) -> text.object(parser, members));
  }

  /** The elements of an array found inside another text. */
  public List<JsonValue> array(JsonValue array) throws MalformedJsonException {
    List<JsonValue> elements = new ArrayList<>();
    read(
        array.source(),
        array.start(),
        array.length(),
        (parser, text) -> text.array(parser, elements));
    return elements;
  }

  private void read(byte[] source, int start, int length, Reading reading)
      throws MalformedJsonException {
    checkEncoding(source, start, length);
    try (JsonParser parser = factory.createParser(source, start, length)) {
      reading.read(parser, new Text(source, start));
      if (parser.nextToken() != null) {
        throw new Refused("there is something after the end of the JSON value");
      }
    } catch (Refused e) {
      throw new MalformedJsonException(e.getMessage());
    } catch (StreamConstraintsException e) {
      throw new MalformedJsonException(
          "the JSON is nested deeper than %d or holds a number of more than %d characters"
              .formatted(limits.maxDepth(), limits.maxNumberLength()));
    } catch (JsonProcessingException e) {
      throw new MalformedJsonException("not valid JSON: " + shown(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  /**
   * Also what keeps the parser from guessing UTF-16 or UTF-32, whose offsets would not be those of our bytes: such
   * texts have zero bytes or a byte order mark.
   */
  private static void checkEncoding(byte[] source, int start, int length)
      throws MalformedJsonException {
    if (length == 0) {
      throw new MalformedJsonException("the text is empty");
    }
    if (length >= 3 && (source[start] & 0xFF) == 0xEF && (source[start + 1] & 0xFF) == 0xBB) {
      throw new MalformedJsonException("the text begins with a byte order mark");
    }
    for (int i = start; i < start + length; i++) {
      if (source[i] == 0) {
        throw new MalformedJsonException("the text holds a zero byte");
      }
    }
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(source, start, length));
    } catch (CharacterCodingException e) {
      throw new MalformedJsonException("the text is not valid UTF-8");
    }
  }

  /**
   * Parser messages go over several lines, and repeat what they do not know from the text itself: as much of it as they like,
   * and the first half of a surrogate pair as it is.
   */
  private static String shown(String message) {
    int newline = message.indexOf('\n');
    String line = newline < 0 ? message : message.substring(0, newline);
    String whole = new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    return whole.length() <= MAX_SHOWN_CHARS
        ? whole
        : whole.substring(0, whole.offsetByCodePoints(0, MAX_SHOWN_CHARS / 2)) + "…";
  }

  @FunctionalInterface
  private interface Reading {
    void read(JsonParser parser, Text text) throws IOException;
  }

  /** What this class itself refuses, told from what the parser refuses. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /** The text being read; positions of the parser count from {@code base}. */
  private static final class Text {
    private final byte[] source;
    private final int base;

    Text(byte[] source, int base) {
      this.source = source;
      this.base = base;
    }

    void object(JsonParser parser, BiConsumer<String, JsonValue> members) throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new Refused("expected one JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = clean(parser.currentName());
        members.accept(name, value(parser, parser.nextToken()));
      }
    }

    void array(JsonParser parser, List<JsonValue> elements) throws IOException {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new Refused("expected a JSON array");
      }
      for (JsonToken token = parser.nextToken();
          token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        elements.add(value(parser, token));
      }
    }

    /** Verifies the value that begins with {@code token} to its end. */
    JsonValue value(JsonParser parser, JsonToken token) throws IOException {
      if (token == null) {
        throw new Refused("the text holds no JSON value");
      }
      int start = base + (int) parser.currentTokenLocation().getByteOffset();
      String text = scalar(parser, token);
      if (token.isStructStart()) {
        skipVerified(parser);
      }
      int end = base + (int) parser.currentLocation().getByteOffset();
      return new JsonValue(kind(token), source, start, end, text);
    }

    /** Goes to the end of the structure just begun; a loop, so that depth costs no stack. */
    private static void skipVerified(JsonParser parser) throws IOException {
      int open = 1;
      while (open > 0) {
        JsonToken token = parser.nextToken();
        if (token == null) {
          throw new Refused("the JSON ends in the middle");
        } else if (token.isStructStart()) {
          open++;
        } else if (token.isStructEnd()) {
          open--;
        } else if (token == JsonToken.FIELD_NAME) {
          clean(parser.currentName());
        } else {
          scalar(parser, token);
        }
      }
    }

    private static String scalar(JsonParser parser, JsonToken token) throws IOException {
      if (token == JsonToken.VALUE_STRING) {
        return clean(parser.getText());
      }
      if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
        return number(parser.getText());
      }
      return "";
    }

    private static String number(String digits) throws IOException {
      if (Double.isInfinite(Double.parseDouble(digits))) {
        throw new Refused("a number is out of range");
      }
      return digits;
    }

    private static String clean(String text) throws IOException {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == 0) {
          throw new Refused("a string holds the character NUL");
        }
        if (Character.isSurrogate(c)) {
          if (!Character.isHighSurrogate(c)
              || i + 1 == text.length()
              || !Character.isLowSurrogate(text.charAt(i + 1))) {
            throw new Refused("a string holds half of a surrogate pair");
          }
          i++;
        }
      }
      return text;
    }

    private static JsonValue.Kind kind(JsonToken token) {
      return switch (token) {
        case START_OBJECT -> JsonValue.Kind.OBJECT;
        case START_ARRAY -> JsonValue.Kind.ARRAY;
        case VALUE_STRING -> JsonValue.Kind.STRING;
        case VALUE_NUMBER_INT -> JsonValue.Kind.INTEGER;
        case VALUE_NUMBER_FLOAT -> JsonValue.Kind.DECIMAL;
        case VALUE_TRUE -> JsonValue.Kind.TRUE;
        case VALUE_FALSE -> JsonValue.Kind.FALSE;
        case VALUE_NULL -> JsonValue.Kind.NULL;
        default -> throw new IllegalStateException("no value begins with " + token);
      };
    }
  }
}
