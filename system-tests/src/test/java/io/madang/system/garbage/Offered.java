package io.madang.system.garbage;

import io.madang.protocol.json.JsonLimits;
import io.madang.protocol.json.JsonValue;
import io.madang.protocol.json.MalformedJsonException;
import io.madang.protocol.json.StrictJson;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One command or stream that the product says it takes.
 *
 * @param kind {@code command} or {@code stream}, as the frame that asks for it is called
 * @param positions which parameters an array fills, by its length; when empty the parameters in order
 * @param needsRole whether not everybody may ask for it
 */
record Offered(
    String service,
    String kind,
    String name,
    List<Parameter> parameters,
    List<List<String>> positions,
    boolean needsRole) {

  private static final StrictJson JSON = new StrictJson(JsonLimits.fromGateways());

  /** One argument. */
  record Parameter(String name, ArgumentType type, boolean required) {}

  /**
   * What an argument must be.
   *
   * @param is {@code text}, {@code whole}, {@code decimal}, {@code flag}, {@code list} or {@code object}
   * @param min code points of a text or value of a number; empty where there is none
   * @param max code points, value, items of a list, or bytes of an object
   * @param items of a list, one type; empty for all others
   */
  record ArgumentType(
      String is,
      Optional<BigDecimal> min,
      Optional<BigDecimal> max,
      boolean clamped,
      List<ArgumentType> items) {}

  /** Everything in the answer of {@code GET /api/services}. */
  static List<Offered> read(byte[] services) throws MalformedJsonException {
    List<Offered> all = new ArrayList<>();
    for (JsonValue service : JSON.array(members(JSON.value(services)).get("services"))) {
      Map<String, JsonValue> members = members(service);
      for (JsonValue command : JSON.array(members.get("commands"))) {
        all.add(read(members.get("service").text(), "command", members(command)));
      }
      for (JsonValue stream : JSON.array(members.get("streams"))) {
        all.add(read(members.get("service").text(), "stream", members(stream)));
      }
    }
    return all;
  }

  private static Offered read(String service, String kind, Map<String, JsonValue> members)
      throws MalformedJsonException {
    List<Parameter> parameters = new ArrayList<>();
    for (JsonValue parameter : JSON.array(members.get("parameters"))) {
      Map<String, JsonValue> one = members(parameter);
      parameters.add(new Parameter(
          one.get("name").text(),
          type(one.get("type")),
          one.get("required").kind() == JsonValue.Kind.TRUE));
    }
    List<List<String>> positions = new ArrayList<>();
    if (members.containsKey("positions")) {
      for (JsonValue names : JSON.array(members.get("positions"))) {
        positions.add(JSON.array(names).stream().map(JsonValue::text).toList());
      }
    }
    return new Offered(
        service,
        kind,
        members.get("name").text(),
        parameters,
        positions,
        members.containsKey("role"));
  }

  private static ArgumentType type(JsonValue json) throws MalformedJsonException {
    Map<String, JsonValue> members = members(json);
    return new ArgumentType(
        members.get("is").text(),
        bound(members.get("min")),
        bound(members.get("max")),
        members.containsKey("clamped") && members.get("clamped").kind() == JsonValue.Kind.TRUE,
        members.containsKey("item") ? List.of(type(members.get("item"))) : List.of());
  }

  private static Optional<BigDecimal> bound(JsonValue number) {
    return Optional.ofNullable(number).map(JsonValue::text).map(BigDecimal::new);
  }

  private static Map<String, JsonValue> members(JsonValue object) throws MalformedJsonException {
    Map<String, JsonValue> members = new HashMap<>();
    JSON.object(object, members::put);
    return members;
  }

  /** The ways to give arguments by position. */
  List<List<String>> shapes() {
    return positions.isEmpty()
        ? List.of(parameters.stream().map(Parameter::name).toList())
        : positions;
  }

  boolean isCommand() {
    return kind.equals("command");
  }

  @Override
  public String toString() {
    return service + "/" + name;
  }
}
