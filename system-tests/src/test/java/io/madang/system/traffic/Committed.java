package io.madang.system.traffic;

import io.madang.protocol.frame.StreamPosition;
import io.madang.testkit.RedisLine;
import io.madang.testkit.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the owner's tables hold of some topics, in the order of their offsets.
 *
 * @param entries by topic, the lives of a topic one after the other
 */
public record Committed(Map<String, List<Entry>> entries) {
  /** Stands where no command caused a publication. */
  public static final String NO_COMMAND = "-";

  private static final String CHAT = """
      select t.topic, t.epoch || '.' || chat.store(), l.pos, coalesce(l.command, '%s')
      from chat.topic t join chat.log l on l.life = t.life
      where t.topic in (%s) order by t.topic, l.pos
      """;

  private static final String NOTIFICATIONS = """
      select 'notifications:' || e.user_id, t.epoch || '.' || notification.store_life(), e.at_offset, e.command_id
      from notification.topic t join notification.entry e on e.user_id = t.user_id
      where 'notifications:' || e.user_id in (%s) order by e.user_id, e.at_offset
      """;

  private static final String PRESENCE_HEAD = "madang:{presence}:head:";
  private static final String PRESENCE_WINDOW = "madang:{presence}:window:";

  /** One row of a log. */
  public record Entry(StreamPosition at, String command) {
    Entry(String epoch, long offset, String command) {
      this(new StreamPosition(epoch, offset), command);
    }
  }

  /** Reads the present lives of topics of chat-service from its tables. */
  public static Committed read(TestDatabase database, Collection<String> topics) {
    return read(database, topics, CHAT.formatted(NO_COMMAND, quoted(topics)));
  }

  /** Reads topics {@code notifications:<user>} from the tables of notification-service. */
  public static Committed readNotifications(TestDatabase database, Collection<String> topics) {
    return read(database, topics, NOTIFICATIONS.formatted(quoted(topics)));
  }

  private static String quoted(Collection<String> topics) {
    return String.join(", ", topics.stream().map(topic -> "'" + topic + "'").toList());
  }

  private static Committed read(TestDatabase database, Collection<String> topics, String query) {
    Map<String, List<Entry>> entries = new LinkedHashMap<>();
    topics.forEach(topic -> entries.put(topic, new ArrayList<>()));
    try {
      for (String row : database.rows(query)) {
        String[] cells = row.split("\\|", -1);
        entries.get(cells[0]).add(new Entry(cells[1], Long.parseLong(cells[2]), cells[3]));
      }
    } catch (SQLException e) {
      throw new AssertionError("the log cannot be read", e);
    }
    return new Committed(entries);
  }

  /**
   * Reads what Redis keeps of a topic of presence-service. Where commands stand otherwise there is what happened to whom, as
   * {@link #presenceMark} says it.
   */
  public static Committed readPresence(RedisLine redis, String topic) {
    String epoch = (String) redis.ask("HGET", PRESENCE_HEAD + topic, "epoch");
    List<Entry> entries = new ArrayList<>();
    for (Object entry : (List<?>) redis.ask("XRANGE", PRESENCE_WINDOW + topic, "-", "+")) {
      List<?> parts = (List<?>) entry;
      // time, event, user, facts: each after its name; the facts are a list of name, guest, status
      // and text.
      List<?> fields = (List<?>) parts.get(1);
      String facts = (String) fields.get(7);
      entries.add(new Entry(
          epoch,
          Long.parseLong(((String) parts.get(0)).replace("-0", "")),
          presenceMark((String) fields.get(3), (String) fields.get(5), lastText(facts))));
    }
    return new Committed(Map.of(topic, entries));
  }

  /** What happened to whom; the text of a status, which others leave empty, makes each change another. */
  public static String presenceMark(String event, String user, String text) {
    return event + " " + user + " " + (event.equals("status") ? text : "");
  }

  private static String lastText(String facts) {
    String[] quoted = facts.split("\"", -1);
    return quoted[quoted.length - 2];
  }

  /** Earlier lives of the topics, which a later look does not show, before the present ones. */
  public Committed followedBy(Committed later) {
    Map<String, List<Entry>> all = new LinkedHashMap<>();
    entries.forEach((topic, some) -> all.put(topic, new ArrayList<>(some)));
    later.entries.forEach(
        (topic, some) -> all.computeIfAbsent(topic, none -> new ArrayList<>()).addAll(some));
    return new Committed(all);
  }

  /** One more at the end of a topic. */
  public Committed and(String topic, StreamPosition at, String command) {
    return followedBy(new Committed(Map.of(topic, List.of(new Entry(at, command)))));
  }

  List<Entry> of(String topic) {
    return entries.getOrDefault(topic, List.of());
  }

  /** The newest position of a topic; empty when nothing is in it. */
  public Optional<StreamPosition> head(String topic) {
    List<Entry> all = of(topic);
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(all.get(all.size() - 1).at());
  }

  /** The commands of a topic's entries, in their order. */
  public List<String> commands(String topic) {
    return of(topic).stream().map(Entry::command).toList();
  }

  /** Entries of all topics. */
  public long size() {
    return entries.values().stream().mapToLong(List::size).sum();
  }
}
