package io.madang.system.garbage;

import io.madang.system.garbage.Offered.ArgumentType;
import io.madang.system.garbage.Offered.Parameter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A value that somebody might give for an argument.
 *
 * @param json as it is written; not always JSON
 * @param value what it says: a string, a number, a boolean, a list, a map, {@link #NOTHING}, or {@link #UNREADABLE} for what no
 *     argument may hold
 */
record Garbage(String json, Object value) {
  static final Object NOTHING = new Object();
  static final Object UNREADABLE = new Object();

  /** Bytes of the longest value; the rest of a frame has room beside it. */
  static final int LONGEST = 31_000;

  private static final int TOO_DEEP = 1_000;

  private static Garbage unreadable(String json) {
    return new Garbage(json, UNREADABLE);
  }

  private static Garbage text(String text) {
    return new Garbage(quoted(text), new Text(text));
  }

  /** A string, told apart from the words of this table. */
  private record Text(String text) {}

  private static Garbage number(String digits) {
    return new Garbage(digits, new BigDecimal(digits));
  }

  private static Garbage list(String json, Object... items) {
    return new Garbage(json, List.of(items));
  }

  private static Garbage object(String json) {
    return new Garbage(json, Map.of());
  }

  /** What is refused for every argument, whatever it is. */
  private static final List<Garbage> ALWAYS_REFUSED = List.of(
      unreadable("\"\\u0000\""),
      unreadable("\"a\\u0000b\""),
      unreadable("\"\\ud800\""),
      unreadable("\"a\\udc00b\""),
      unreadable("\"\\udc00\\ud800\""),
      unreadable("\"half \\ud83d\""),
      unreadable("[\"\\u0000\"]"),
      unreadable("[\"\\ud83d\"]"),
      unreadable("{\"\\u0000\":1}"),
      unreadable("{\"\\udfff\":1}"),
      unreadable("{\"title\":\"\\u0000\"}"),
      unreadable("{\"password\":\"\\ud800\"}"),
      unreadable("{\"title\":\"a\",\"title\":\"b\"}"),
      unreadable("1e400"),
      unreadable("-1e400"),
      unreadable("1e999999999"),
      unreadable("1".repeat(65)),
      unreadable("0." + "3".repeat(70)),
      unreadable("NaN"),
      unreadable("Infinity"),
      unreadable("01"),
      unreadable("+1"),
      unreadable("1."),
      unreadable(".5"),
      unreadable("0x10"),
      unreadable("--1"),
      unreadable("undefined"),
      unreadable("tru"),
      unreadable("True"),
      unreadable("'single'"),
      unreadable("\"no end"),
      unreadable("\"raw\ttab\""),
      unreadable("\"raw\nline\""),
      unreadable("\"\\x41\""),
      unreadable("\"\\u12\""),
      unreadable("[1,]"),
      unreadable("[1"),
      unreadable("{\"a\"}"),
      unreadable("{\"a\":}"),
      unreadable("{,}"),
      unreadable("/* x */ 1"),
      unreadable(""),
      unreadable("[".repeat(TOO_DEEP) + "]".repeat(TOO_DEEP)),
      unreadable("{\"a\":".repeat(TOO_DEEP) + "1" + "}".repeat(TOO_DEEP)),
      unreadable("[".repeat(LONGEST)));

  /** What is refused except by an argument that is just so. */
  private static final List<Garbage> READABLE = List.of(
      new Garbage("null", NOTHING),
      new Garbage("true", true),
      new Garbage("false", false),
      number("0"),
      number("-0"),
      number("7"),
      number("-1"),
      number("1.5"),
      number("1e3"),
      number("1e-400"),
      number("1e-999999999"),
      number("0e999999999"),
      number("1e30"),
      number("1e300"),
      number("1e308"),
      number("-1e300"),
      number("9007199254740993"),
      number("9223372036854775807"),
      number("9223372036854775808"),
      number("-9223372036854775809"),
      number("1".repeat(64)),
      text(""),
      text(" "),
      text("7"),
      text("true"),
      text("null"),
      text("{}"),
      text("x".repeat(LONGEST)),
      text("한".repeat(10_001)),
      list("[]"),
      list("[[]]", List.of()),
      list("[null]", NOTHING),
      list("[\"x\"]", new Text("x")),
      list("[1,\"x\"]", BigDecimal.ONE, new Text("x")),
      object("{}"),
      object("{\"text\":\"x\"}"),
      object("{\"title\":7}"),
      object("{\"visibility\":\"secret\"}"),
      object("{\"\":{}}"),
      object("{\"__proto__\":{\"a\":1}}"),
      object("{\"a\":" + quoted("x".repeat(LONGEST)) + "}"),
      object("{\"a\":[" + "1,".repeat(10_000) + "1]}"));

  /** Texts that a service may well take, and others may well not. */
  private static final List<Garbage> ODD_TEXTS = Stream.of(
          "\u0001",
          "\u007f",
          "a\nb",
          "a\u2028b",
          " padded ",
          "\u00a0",
          "\u202eabc",
          "e\u0301",
          "\uffff",
          "\ud83d\ude00",
          "'; drop table chat.room; --",
          "\\",
          "%s%n%00",
          "${jndi:ldap://x}",
          "<script>",
          "../../etc/passwd",
          "room:lobby",
          "a:b:c",
          "*",
          "x")
      .map(Garbage::text)
      .toList();

  /** All for one argument, those made for its limits too. */
  static List<Garbage> of(Parameter parameter) {
    List<Garbage> all = new ArrayList<>(ALWAYS_REFUSED);
    all.addAll(READABLE);
    ArgumentType type = parameter.type();
    switch (type.is()) {
      case "text" -> {
        all.addAll(ODD_TEXTS);
        long max = type.max().orElseThrow().longValue();
        Stream.of("x", "é", "한", "\ud83d\ude00")
            .flatMap(character -> Stream.of(max, max + 1)
                .filter(times -> times * bytes(character) <= LONGEST)
                .map(times -> text(character.repeat(times.intValue()))))
            .forEach(all::add);
      }
      case "whole", "decimal" -> {
        type.min().ifPresent(min -> all.add(number(min.toPlainString())));
        type.min().ifPresent(min -> all.add(number(min.subtract(BigDecimal.ONE).toPlainString())));
        type.max().ifPresent(max -> all.add(number(max.toPlainString())));
        type.max().ifPresent(max -> all.add(number(max.add(BigDecimal.ONE).toPlainString())));
      }
      case "list" -> {
        int items = type.max().orElseThrow().intValue() + 1;
        Garbage many = new Garbage(
            "[" + String.join(",", Collections.nCopies(items, "\"a\"")) + "]",
            Collections.nCopies(items, new Text("a")));
        if (many.json().length() <= LONGEST) {
          all.add(many);
        }
      }
      default -> {}
    }
    return all;
  }

  /** Whether the product says of itself that it takes this there; all else it must refuse. */
  boolean fits(Parameter parameter) {
    return value == NOTHING ? !parameter.required() : fits(parameter.type(), value);
  }

  private boolean fits(ArgumentType type, Object given) {
    return switch (type.is()) {
      case "text" ->
        given instanceof Text text
            && isWithin(
                type,
                BigDecimal.valueOf(text.text().codePointCount(0, text.text().length())));
      case "whole" ->
        given instanceof BigDecimal number
            && number.stripTrailingZeros().scale() <= 0
            && (type.clamped() || isWithin(type, number));
      case "decimal" -> given instanceof BigDecimal number && isWithin(type, number);
      case "flag" -> given instanceof Boolean;
      case "list" ->
        given instanceof List<?> list
            && isWithin(type, BigDecimal.valueOf(list.size()))
            && list.stream().allMatch(item -> fits(type.items().get(0), item));
      case "object" -> given instanceof Map && isWithin(type, BigDecimal.valueOf(bytes(json)));
      default -> throw new AssertionError("this test knows no argument that is " + type.is());
    };
  }

  private static boolean isWithin(ArgumentType type, BigDecimal size) {
    return type.min().stream().allMatch(min -> size.compareTo(min) >= 0)
        && type.max().stream().allMatch(max -> size.compareTo(max) <= 0);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** A JSON string; only what must be escaped is. */
  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    text.chars().forEach(c -> {
      if (c == '"' || c == '\\') {
        json.append('\\').append((char) c);
      } else if (c < ' ') {
        json.append("\\u%04x".formatted(c));
      } else {
        json.append((char) c);
      }
    });
    return json.append('"').toString();
  }

  /** As it may stand in a report. */
  @Override
  public String toString() {
    return json.length() <= 60
        ? json
        : json.substring(0, 40) + "… (" + json.length() + " characters)";
  }
}
