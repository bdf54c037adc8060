package io.madang.system.traffic;

import io.madang.protocol.frame.StreamPosition;
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

  private static final String SELECT =
      """
      select t.topic, t.epoch || '.' || chat.store(), l.pos, coalesce(l.command, '%s')
      from chat.topic t join chat.log l on l.life = t.life
      where t.topic in (%s) order by t.topic, l.pos
      """;

  /** One row of a log. */
  public record Entry(StreamPosition at, String command) {
    Entry(String epoch, long offset, String command) {
      this(new StreamPosition(epoch, offset), command);
    }
  }

  /** Reads the present lives of topics of chat-service from its tables. */
  public static Committed read(TestDatabase database, Collection<String> topics) {
    String names = String.join(", ", topics.stream().map(topic -> "'" + topic + "'").toList());
    Map<String, List<Entry>> entries = new LinkedHashMap<>();
    topics.forEach(topic -> entries.put(topic, new ArrayList<>()));
    try {
      for (String row : database.rows(SELECT.formatted(NO_COMMAND, names))) {
        String[] cells = row.split("\\|", -1);
        entries.get(cells[0]).add(new Entry(cells[1], Long.parseLong(cells[2]), cells[3]));
      }
    } catch (SQLException e) {
      throw new AssertionError("the log cannot be read", e);
    }
    return new Committed(entries);
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
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1).at());
  }

  /** Rows that a command caused. */
  public long size() {
    return entries.values().stream().mapToLong(List::size).sum();
  }
}
