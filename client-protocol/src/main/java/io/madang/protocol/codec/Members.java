package io.madang.protocol.codec;

import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.JsonValue;
import io.madang.protocol.json.JsonValue.Kind;
import io.madang.protocol.json.MalformedJsonException;
import io.madang.protocol.json.RawJson;
import io.madang.protocol.json.StrictJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The members of one object, asked for by name and type. A member that is {@code null} counts as absent, except as an
 * opaque value. Members nobody asks for are ignored.
 */
final class Members {
  private final StrictJson json;
  private final Map<String, JsonValue> values = new HashMap<>();

  private Members(StrictJson json) {
    this.json = json;
  }

  /** Reads a frame; if it is not well-formed, the exception has the ref if it stood before the fault. */
  static Members ofFrame(StrictJson json, byte[] utf8) throws BadFrameException {
    Members members = new Members(json);
    try {
      json.object(utf8, members.values::put);
    } catch (MalformedJsonException e) {
      throw BadFrameException.notReadable(e.getMessage()).withRef(members.refIfReadable());
    }
    return members;
  }

  private Members inside(String name, JsonValue object) throws BadFrameException {
    Members members = new Members(json);
    require(name, object, Kind.OBJECT, "an object");
    try {
      json.object(object, members.values::put);
    } catch (MalformedJsonException e) {
      throw BadFrameException.badMember(name, name + ": " + e.getMessage());
    }
    return members;
  }

  long refIfReadable() {
    JsonValue ref = values.get("ref");
    if (ref == null || ref.kind() != Kind.INTEGER || ref.text().length() > 16) {
      return ClientFrame.NO_REF;
    }
    long number = Long.parseLong(ref.text());
    return number >= 1 && number <= ClientFrame.MAX_REF ? number : ClientFrame.NO_REF;
  }

  /** The request's number, which must be there. */
  long ref() throws BadFrameException {
    present("ref");
    return optionalRef();
  }

  long optionalRef() throws BadFrameException {
    if (absent("ref")) {
      return ClientFrame.NO_REF;
    }
    long ref = refIfReadable();
    if (ref == ClientFrame.NO_REF) {
      throw BadFrameException.badMember(
          "ref", "ref must be an integer from 1 to " + ClientFrame.MAX_REF);
    }
    return ref;
  }

  String text(String name) throws BadFrameException {
    JsonValue value = present(name);
    require(name, value, Kind.STRING, "a string");
    return value.text();
  }

  Optional<String> optionalText(String name) throws BadFrameException {
    return absent(name) ? Optional.empty() : Optional.of(text(name));
  }

  long number(String name) throws BadFrameException {
    JsonValue value = present(name);
    require(name, value, Kind.INTEGER, "an integer");
    try {
      return Long.parseLong(value.text());
    } catch (NumberFormatException e) {
      throw BadFrameException.badMember(name, name + " is out of range");
    }
  }

  long number(String name, long ifAbsent) throws BadFrameException {
    return absent(name) ? ifAbsent : number(name);
  }

  int integer(String name) throws BadFrameException {
    long number = number(name);
    if (number != (int) number) {
      throw BadFrameException.badMember(name, name + " is out of range");
    }
    return (int) number;
  }

  boolean flag(String name) throws BadFrameException {
    JsonValue value = present(name);
    if (value.kind() != Kind.TRUE && value.kind() != Kind.FALSE) {
      throw wrongType(name, value, "true or false");
    }
    return value.kind() == Kind.TRUE;
  }

  Instant time(String name) throws BadFrameException {
    try {
      return Instant.parse(text(name));
    } catch (DateTimeException e) {
      throw BadFrameException.badMember(
          name, name + " must be a time such as 2030-01-31T12:00:00Z");
    }
  }

  Optional<Instant> optionalTime(String name) throws BadFrameException {
    return absent(name) ? Optional.empty() : Optional.of(time(name));
  }

  /** An opaque value of any kind, {@code null} included. */
  RawJson raw(String name) throws BadFrameException {
    JsonValue value = values.get(name);
    if (value == null) {
      throw missing(name);
    }
    return value.raw();
  }

  Optional<RawJson> optionalRaw(String name) {
    return absent(name) ? Optional.empty() : Optional.of(values.get(name).raw());
  }

  /** Arguments by name or by position; no arguments at all if absent. */
  RawJson args() throws BadFrameException {
    if (absent("args")) {
      return RawJson.EMPTY_OBJECT;
    }
    JsonValue value = values.get("args");
    if (value.kind() != Kind.OBJECT && value.kind() != Kind.ARRAY) {
      throw wrongType("args", value, "an object or an array");
    }
    return value.raw();
  }

  Members object(String name) throws BadFrameException {
    return inside(name, present(name));
  }

  boolean has(String name) {
    return !absent(name);
  }

  /** The elements of an array of objects. */
  List<Members> objects(String name) throws BadFrameException {
    List<Members> objects = new ArrayList<>();
    int index = 0;
    for (JsonValue element : elements(name)) {
      objects.add(inside(name + "[" + index++ + "]", element));
    }
    return objects;
  }

  List<String> texts(String name) throws BadFrameException {
    List<String> texts = new ArrayList<>();
    for (JsonValue element : elements(name)) {
      require(name, element, Kind.STRING, "an array of strings");
      texts.add(element.text());
    }
    return texts;
  }

  /** Epoch and offset standing side by side in this object. */
  StreamPosition position() throws BadFrameException {
    return new StreamPosition(text("epoch"), number("offset"));
  }

  private List<JsonValue> elements(String name) throws BadFrameException {
    JsonValue value = present(name);
    require(name, value, Kind.ARRAY, "an array");
    try {
      return json.array(value);
    } catch (MalformedJsonException e) {
      throw BadFrameException.badMember(name, name + ": " + e.getMessage());
    }
  }

  private boolean absent(String name) {
    JsonValue value = values.get(name);
    return value == null || value.kind() == Kind.NULL;
  }

  private JsonValue present(String name) throws BadFrameException {
    if (absent(name)) {
      throw missing(name);
    }
    return values.get(name);
  }

  private static void require(String name, JsonValue value, Kind kind, String words)
      throws BadFrameException {
    if (value.kind() != kind) {
      throw wrongType(name, value, words);
    }
  }

  private static BadFrameException missing(String name) {
    return BadFrameException.badMember(name, name + " is missing");
  }

  private static BadFrameException wrongType(String name, JsonValue value, String expected) {
    return BadFrameException.badMember(
        name, "%s must be %s, not %s".formatted(name, expected, value.kind().words()));
  }
}
