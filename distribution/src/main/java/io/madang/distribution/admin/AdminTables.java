package io.madang.distribution.admin;

import io.madang.runtime.inspect.MeshView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The answer of a process as lines for people. */
final class AdminTables {
  private static final String NOTHING = "-";
  private static final long KIB = 1_024;

  private final JsonObject page;

  AdminTables(JsonObject page) {
    this.page = page;
  }

  List<String> lines(MeshView view) {
    List<String> lines = new ArrayList<>(
        switch (view) {
          case NODES -> nodes();
          case INTEREST -> interest();
          case TOPICS -> topics();
          case POSITIONS -> positions();
        });
    JsonArray unanswered = page.getJsonArray("unanswered");
    if (!unanswered.isEmpty()) {
      lines.add("");
      each(unanswered)
          .forEach(node -> lines.add(String.format(
              Locale.ROOT,
              "%s did not answer; it was last heard %.1f s ago.",
              node.getString("node"),
              node.getLong("silentMs") / 1_000.0)));
    }
    return lines;
  }

  // Nodes.

  private List<String> nodes() {
    Table table = new Table("NODE", "ROLES", "SINCE", "STATE");
    each(page.getJsonArray("nodes"))
        .forEach(node -> table.row(
            node.getString("node"),
            joined(node.getJsonArray("roles")),
            toSeconds(node.getString("since", NOTHING)),
            state(node)));
    return table.lines();
  }

  private static String toSeconds(String instant) {
    return instant.replaceFirst("\\.\\d+Z$", "Z");
  }

  private String state(JsonObject node) {
    List<String> state = new ArrayList<>();
    if (!node.getBoolean("answered")) {
      state.add("does not answer");
    }
    JsonArray suspectedBy = node.getJsonArray("suspectedBy");
    if (!suspectedBy.isEmpty()) {
      state.add("suspected by " + whom(suspectedBy, node));
    }
    if (!node.getJsonArray("unknownTo").isEmpty()) {
      state.add("unknown to " + joined(node.getJsonArray("unknownTo")));
    }
    List<String> closed = strings(node.getJsonArray("roles"))
        .filter(
            role -> !role.equals("gateway") && !node.getJsonArray("accepting").contains(role))
        .toList();
    if (!closed.isEmpty()) {
      state.add("takes no commands for " + String.join(", ", closed));
    }
    return state.isEmpty() ? "fine" : String.join("; ", state);
  }

  /** In a large mesh all is shorter than every name. */
  private String whom(JsonArray nodes, JsonObject but) {
    long others = each(page.getJsonArray("nodes"))
        .filter(other -> other.getBoolean("answered") && !other.equals(but))
        .count();
    return nodes.size() > 1 && nodes.size() >= others ? "all that answer" : joined(nodes);
  }

  // Interest.

  private List<String> interest() {
    Table table =
        new Table("GATEWAY", "SERVICE", "TOPICS", "VERSION", "NODE", "KNOWS", "ON ITS WAY");
    each(page.getJsonArray("interest")).forEach(row -> {
      List<JsonObject> nodes = each(row.getJsonArray("nodes")).toList();
      table.row(
          row.getString("gateway"),
          row.getString("service"),
          number(row, "topics"),
          number(row, "version"),
          nodes.isEmpty() ? NOTHING : nodes.get(0).getString("node"),
          nodes.isEmpty() ? "nobody knows" : knows(nodes.get(0)),
          nodes.isEmpty() ? NOTHING : onItsWay(nodes.get(0).getJsonObject("window")));
      nodes.stream()
          .skip(1)
          .forEach(node -> table.row(
              "",
              "",
              "",
              "",
              node.getString("node"),
              knows(node),
              onItsWay(node.getJsonObject("window"))));
    });
    return table.isEmpty() ? new ArrayList<>(List.of("No gateway wants anything.")) : table.lines();
  }

  private static String knows(JsonObject node) {
    Boolean agrees = node.getBoolean("agrees");
    if (agrees != null && agrees) {
      return "the same";
    }
    return "%s, version %d"
        .formatted(counted(node.getLong("topics"), "topic", "topics"), node.getLong("version"));
  }

  private static String onItsWay(JsonObject window) {
    String way = window.getLong("batches") == 0 ? "nothing" : batches(window);
    if (window.getLong("topicsLeftOut") > 0) {
      way += ", " + counted(window.getLong("topicsLeftOut"), "topic", "topics") + " left out";
    }
    return window.getBoolean("blocked") ? way + ", blocked" : way;
  }

  private static String batches(JsonObject of) {
    return counted(of.getLong("batches"), "batch", "batches") + ", " + bytes(of.getLong("bytes"));
  }

  private static String counted(long number, String one, String more) {
    return number + " " + (number == 1 ? one : more);
  }

  private static String bytes(long bytes) {
    if (bytes < KIB) {
      return bytes + " B";
    }
    return bytes < KIB * KIB
        ? String.format(Locale.ROOT, "%.1f KiB", bytes / (double) KIB)
        : String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (KIB * KIB));
  }

  // Topics.

  private List<String> topics() {
    Table table = new Table("TOPIC", "SERVICE", "HELD", "GATEWAY", "HELD THERE", "WAITING");
    each(page.getJsonArray("topics"))
        .forEach(topic -> rows(
            table,
            List.of(topic.getString("topic"), topic.getString("service"), number(topic, "holds")),
            each(topic.getJsonArray("gateways"))
                .map(
                    at -> List.of(at.getString("node"), number(at, "holds"), number(at, "waiting")))
                .toList()));
    return withLeftOut(table);
  }

  /** The first line says whose the others are. */
  private static void rows(Table table, List<String> head, List<List<String>> further) {
    List<String> begin = head;
    for (List<String> line : further) {
      table.row(Stream.concat(begin.stream(), line.stream()).toArray(String[]::new));
      begin = head.stream().map(cell -> "").toList();
    }
  }

  private List<String> withLeftOut(Table table) {
    List<String> lines = table.isEmpty()
        ? new ArrayList<>(List.of("No gateway hears such a topic."))
        : table.lines();
    String more = page.getJsonObject("leftOut").stream()
        .filter(entry -> ((Number) entry.getValue()).longValue() > 0)
        .map(entry -> entry.getValue() + " more at " + entry.getKey())
        .collect(Collectors.joining(", "));
    if (!more.isEmpty()) {
      lines.add("");
      lines.add("Left out: " + more + "; --top shows more, --prefix and --topic others.");
    }
    return lines;
  }

  // Positions.

  private List<String> positions() {
    Table table = new Table("TOPIC", "SERVICE", "HEAD", "GATEWAY", "LAST", "LAG", "WAITING");
    each(page.getJsonArray("topics"))
        .forEach(topic -> rows(
            table,
            List.of(topic.getString("topic"), topic.getString("service"), head(topic)),
            each(topic.getJsonArray("gateways"))
                .map(at -> List.of(
                    at.getString("node"), offset(at, "last"), lag(at), number(at, "waiting")))
                .toList()));
    List<String> lines = withLeftOut(table);
    lines.add("");
    lines.addAll(repairs());
    return lines;
  }

  private static String head(JsonObject topic) {
    return topic.getJsonObject("head") == null
        ? topic.getString("headProblem")
        : offset(topic, "head");
  }

  private static String offset(JsonObject of, String name) {
    JsonObject position = of.getJsonObject(name);
    return position == null ? NOTHING : position.getLong("offset").toString();
  }

  private static String lag(JsonObject at) {
    return Boolean.FALSE.equals(at.getBoolean("sameEpoch")) ? "another epoch" : number(at, "lag");
  }

  private List<String> repairs() {
    Table table = new Table("NODE", "SINCE ITS START", "ON ITS WAY TO GATEWAYS");
    each(page.getJsonArray("repairs")).forEach(node -> {
      JsonObject flight = node.getJsonObject("inFlight");
      String counts = node.getJsonObject("counts").stream()
          .filter(entry -> ((Number) entry.getValue()).longValue() > 0)
          .map(entry -> words(entry.getKey()) + " " + entry.getValue())
          .collect(Collectors.joining(", "));
      table.row(node.getString("node"), counts.isEmpty() ? "nothing" : counts, flight(flight));
    });
    return table.lines();
  }

  private static String flight(JsonObject flight) {
    String way = flight.getLong("batches") == 0 ? "nothing" : batches(flight);
    long blocked = flight.getLong("blocked");
    return blocked == 0 ? way : way + ", " + counted(blocked, "gateway", "gateways") + " blocked";
  }

  /** {@code holesRepaired} as holes repaired. */
  private static String words(String name) {
    return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }

  private static Stream<JsonObject> each(JsonArray array) {
    return array.stream().map(JsonObject.class::cast);
  }

  private static Stream<String> strings(JsonArray array) {
    return array.stream().map(String.class::cast);
  }

  private static String joined(JsonArray array) {
    return strings(array).collect(Collectors.joining(", "));
  }

  private static String number(JsonObject of, String name) {
    Long number = of.getLong(name);
    return number == null ? NOTHING : number.toString();
  }

  /** Columns as wide as their widest cell; numbers stand on the right. */
  private static final class Table {
    private static final Set<Character.UnicodeScript> WIDE = Set.of(
        Character.UnicodeScript.HANGUL,
        Character.UnicodeScript.HAN,
        Character.UnicodeScript.HIRAGANA,
        Character.UnicodeScript.KATAKANA,
        Character.UnicodeScript.BOPOMOFO);

    private final List<String[]> rows = new ArrayList<>();

    Table(String... head) {
      rows.add(head);
    }

    void row(String... cells) {
      rows.add(cells);
    }

    boolean isEmpty() {
      return rows.size() == 1;
    }

    List<String> lines() {
      int columns = rows.get(0).length;
      int[] widths = new int[columns];
      boolean[] numbers = new boolean[columns];
      for (int column = 0; column < columns; column++) {
        int at = column;
        widths[column] = rows.stream().mapToInt(row -> width(row[at])).max().orElse(0);
        numbers[column] = rows.stream().skip(1).allMatch(row -> row[at].matches("\\d+|-|"));
      }
      return rows.stream()
          .map(row -> line(row, widths, numbers))
          .collect(Collectors.toCollection(ArrayList::new));
    }

    private static String line(String[] row, int[] widths, boolean... numbers) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String blanks = " ".repeat(widths[column] - width(row[column]));
        line.append(numbers[column] ? blanks + row[column] : row[column] + blanks)
            .append("  ");
      }
      return line.toString().stripTrailing();
    }

    /** Columns of a terminal, in which the letters of some scripts take two, and marks upon a letter none. */
    private static int width(String cell) {
      return cell.codePoints().map(Table::width).sum();
    }

    private static int width(int letter) {
      int type = Character.getType(letter);
      if (type == Character.NON_SPACING_MARK || type == Character.FORMAT) {
        return 0;
      }
      return WIDE.contains(Character.UnicodeScript.of(letter)) || Character.charCount(letter) > 1
          ? 2
          : 1;
    }
  }
}
