package io.madang.notification.ledger;

import io.madang.contracts.notification.Notification;
import io.madang.contracts.notification.NotificationEvent;
import io.madang.runtime.postgres.GroupedReads;
import io.madang.runtime.topic.StreamPosition;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The door to schema {@code notification}. Every method is one statement, committed by itself, and reads
 * that come together share one; what users' commands do to
 * a topic is decided by the database's functions, so any number of nodes may use one database.
 *
 * <p>Threads: belongs to the service's event loop. Errors: a failed future means the database did not answer or did
 * not take the statement, and what became of it is unknown.
 */
public final class Ledger {
  private static final String SEND =
      "SELECT * FROM notification.send($1, $2, $3, $4, $5, $6, $7, $8)";
  private static final String MARK_READ = "SELECT * FROM notification.mark_read($1, $2, $3)";
  private static final String MARK_ALL_READ =
      "SELECT * FROM notification.mark_all_read($1, $2, $3, $4, $5)";
  private static final String READ_TOPICS = """
      SELECT asked.n, t.*
        FROM unnest($1::text[], $2::text[], $3::bigint[], $4::integer[], $5::integer[])
             WITH ORDINALITY AS asked(reader, epoch, pos, most, newest, n),
             notification.read_topic(asked.reader, asked.epoch, asked.pos, asked.most, asked.newest)
             WITH ORDINALITY AS t
       ORDER BY asked.n, t.ordinality""";
  private static final String OPEN_TOPIC = "SELECT notification.open_topic($1)";
  private static final String PAGE = "SELECT * FROM notification.page($1, $2, $3, $4)";
  private static final String LIST = "SELECT * FROM notification.list($1, $2, $3, $4)";
  private static final String SET_PREFERENCE = "SELECT notification.set_preference($1, $2, $3, $4)";
  private static final String PREFERENCES =
      "SELECT type, enabled FROM notification.preference WHERE user_id = $1";
  private static final String FORGET = "SELECT notification.forget_marked_all($1)";

  private final SqlClient sql;
  private final GroupedReads<TopicReading, Optional<Head>> topics =
      new GroupedReads<>(this::readTopics);

  private record TopicReading(String user, Optional<StreamPosition> since, int limit, int newest) {}

  public Ledger(SqlClient sql) {
    this.sql = sql;
  }

  /**
   * What is told.
   *
   * @param type in lower case
   * @param data a JSON object
   */
  public record Text(String title, String message, String type, Optional<String> data) {}

  /**
   * Who asks for it, and by which command.
   *
   * @param user the asker's id
   * @param id the command's id, unique among the asker's
   * @param fingerprint of the command's name and arguments
   */
  public record Origin(String user, String id, Buffer fingerprint) {}

  /** Tells {@code users} something, each once, and only once per {@code origin}. */
  public Future<Sending> send(Origin origin, List<String> users, Text text) {
    Tuple arguments = Tuple.of(origin.user(), origin.id(), origin.fingerprint())
        .addArrayOfString(users.toArray(String[]::new))
        .addString(text.title())
        .addString(text.message())
        .addString(text.type())
        .addString(text.data().orElse(null));
    return sql.preparedQuery(SEND).execute(arguments).map(rows -> sending(rows, origin.id(), text));
  }

  private static Sending sending(RowSet<Row> rows, String commandId, Text text) {
    List<Entry> entries = new ArrayList<>(rows.size());
    for (Row row : rows) {
      if (row.getString("status").equals("conflict")) {
        return new Sending.Conflict();
      }
      Notification notification = new Notification(
          row.getUUID("id").toString(),
          row.getString("user_id"),
          text.title(),
          text.message(),
          text.type(),
          Instant.ofEpochMilli(row.getLong("created_millis")),
          false,
          row.getLong("at_offset"),
          text.data());
      NotificationEvent event =
          new NotificationEvent.Notified(notification, row.getInteger("unread_after"));
      entries.add(entry(row, row.getString("user_id"), commandId, event));
    }
    return new Sending.Sent(entries);
  }

  /** {@code user} has seen {@code notification}. */
  public Future<Marking> markRead(String user, UUID notification, String commandId) {
    return sql.preparedQuery(MARK_READ)
        .execute(Tuple.of(user, notification, commandId))
        .map(rows -> {
          Row row = only(rows);
          if (row.getString("status").equals("unknown")) {
            return new Marking.Unknown();
          }
          int unread = row.getInteger("unread_after");
          NotificationEvent event =
              new NotificationEvent.Read(List.of(notification.toString()), unread);
          return new Marking.Marked(0, unread, madeEntry(row, user, commandId, event));
        });
  }

  /** {@code origin}'s user has seen everything up to a place; without one, everything there is now. */
  public Future<Marking> markAllRead(Origin origin, OptionalLong upTo, Optional<UUID> upToId) {
    Tuple arguments = Tuple.of(origin.user(), origin.id(), origin.fingerprint())
        .addLong(upTo.isPresent() ? upTo.getAsLong() : null)
        .addUUID(upToId.orElse(null));
    return sql.preparedQuery(MARK_ALL_READ)
        .execute(arguments)
        .map(rows -> markedAll(only(rows), origin));
  }

  private static Marking markedAll(Row row, Origin origin) {
    return switch (row.getString("status")) {
      case "unknown" -> new Marking.Unknown();
      case "conflict" -> new Marking.Conflict();
      default -> {
        long upTo = row.getLong("up_to");
        int unread = row.getInteger("unread_after");
        NotificationEvent event = new NotificationEvent.ReadUpTo(upTo, unread);
        yield new Marking.Marked(upTo, unread, madeEntry(row, origin.user(), origin.id(), event));
      }
    };
  }

  private static Optional<Entry> madeEntry(
      Row row, String user, String commandId, NotificationEvent event) {
    return row.getLong("at_offset") == null
        ? Optional.empty()
        : Optional.of(entry(row, user, commandId, event));
  }

  /**
   * Where the topic of {@code user} stands and what came after {@code since}.
   *
   * @param limit of entries
   * @param newest how many notifications make the state when {@code since} is none of this topic's
   */
  public Future<Head> read(String user, Optional<StreamPosition> since, int limit, int newest) {
    TopicReading reading = new TopicReading(user, since, limit, newest);
    return topics
        .read(reading)
        .compose(found -> found.isPresent()
            ? Future.succeededFuture(found.get())
            : sql.preparedQuery(OPEN_TOPIC)
                .execute(Tuple.of(user))
                .compose(opened -> topics.read(reading))
                .map(Optional::orElseThrow));
  }

  private Future<List<Optional<Head>>> readTopics(List<TopicReading> asked) {
    Tuple arguments = Tuple.tuple()
        .addArrayOfString(asked.stream().map(TopicReading::user).toArray(String[]::new))
        .addArrayOfString(asked.stream()
            .map(reading -> reading.since.map(StreamPosition::epoch).orElse(null))
            .toArray(String[]::new))
        .addArrayOfLong(asked.stream()
            .map(reading -> reading.since.map(StreamPosition::offset).orElse(null))
            .toArray(Long[]::new))
        .addArrayOfInteger(asked.stream().map(TopicReading::limit).toArray(Integer[]::new))
        .addArrayOfInteger(asked.stream().map(TopicReading::newest).toArray(Integer[]::new));
    return sql.preparedQuery(READ_TOPICS).execute(arguments).map(rows -> {
      List<List<Row>> answers = new ArrayList<>();
      asked.forEach(reading -> answers.add(new ArrayList<>()));
      rows.forEach(row -> answers.get(row.getInteger("n") - 1).add(row));
      List<Optional<Head>> heads = new ArrayList<>();
      for (int i = 0; i < asked.size(); i++) {
        heads.add(head(answers.get(i), asked.get(i).user));
      }
      return heads;
    });
  }

  /** Empty when the user has no topic yet. */
  private static Optional<Head> head(List<Row> rows, String user) {
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    Row first = rows.get(0);
    StreamPosition position =
        new StreamPosition(first.getString("epoch"), first.getLong("last_offset"));
    if (first.getBoolean("recovered")) {
      return Optional.of(new Head.Continued(position, entries(rows, user)));
    }
    return Optional.of(
        new Head.Fresh(position, first.getInteger("unread"), notifications(rows, user)));
  }

  /** Entries of {@code user} nearest after one offset, nearest before one, or the newest; at most one is given. */
  public Future<Page> page(String user, Optional<Long> after, Optional<Long> before, int limit) {
    return sql.preparedQuery(PAGE)
        .execute(Tuple.of(user, after.orElse(null), before.orElse(null), limit))
        .compose(rows -> {
          if (rows.size() == 0) {
            return read(user, Optional.empty(), 0, 0)
                .map(head -> new Page(head.position(), List.of()));
          }
          Row first = rows.iterator().next();
          return Future.succeededFuture(new Page(
              new StreamPosition(first.getString("epoch"), first.getLong("last_offset")),
              entries(rows, user)));
        });
  }

  /** The notifications of {@code user} as they are now, from below {@code before}. */
  public Future<Listing> list(String user, OptionalLong before, int take, boolean onlyUnread) {
    return sql.preparedQuery(LIST)
        .execute(Tuple.of(user, before.isPresent() ? before.getAsLong() : null, take, onlyUnread))
        .map(rows -> rows.size() == 0
            ? new Listing(0, List.of())
            : new Listing(rows.iterator().next().getInteger("unread"), notifications(rows, user)));
  }

  /** The types {@code user} has switched on or off. */
  public Future<SortedMap<String, Boolean>> preferences(String user) {
    return sql.preparedQuery(PREFERENCES).execute(Tuple.of(user)).map(rows -> {
      SortedMap<String, Boolean> preferences = new TreeMap<>();
      rows.forEach(row -> preferences.put(row.getString("type"), row.getBoolean("enabled")));
      return preferences;
    });
  }

  /** False when {@code user} has named {@code most} other types already. */
  public Future<Boolean> setPreference(String user, String type, boolean enabled, int most) {
    return sql.preparedQuery(SET_PREFERENCE)
        .execute(Tuple.of(user, type, enabled, most))
        .map(rows -> only(rows).getBoolean(0));
  }

  /** Forgets marks of many that are older than seven days, at most {@code limit}; how many is the result. */
  public Future<Long> forgetMarks(int limit) {
    return sql.preparedQuery(FORGET)
        .execute(Tuple.of(limit))
        .map(rows -> only(rows).getLong(0));
  }

  private static List<Entry> entries(Iterable<Row> rows, String user) {
    List<Entry> entries = new ArrayList<>();
    for (Row row : rows) {
      // The one row of an empty answer has no entry.
      if (row.getLong("at_offset") != null) {
        entries.add(entry(row, user, row.getString("command_id"), event(row, user)));
      }
    }
    return entries;
  }

  private static NotificationEvent event(Row row, String user) {
    int unread = row.getInteger("unread_after");
    if (row.getString("kind").equals("notification")) {
      return new NotificationEvent.Notified(notification(row, user), unread);
    }
    Long upTo = row.getLong("up_to");
    return upTo == null
        ? new NotificationEvent.Read(List.of(row.getUUID("id").toString()), unread)
        : new NotificationEvent.ReadUpTo(upTo, unread);
  }

  private static Entry entry(Row row, String user, String commandId, NotificationEvent event) {
    StreamPosition position = new StreamPosition(row.getString("epoch"), row.getLong("at_offset"));
    return new Entry(user, position, row.getLong("created_millis"), commandId, event);
  }

  private static List<Notification> notifications(Iterable<Row> rows, String user) {
    List<Notification> notifications = new ArrayList<>();
    for (Row row : rows) {
      if (row.getLong("at_offset") != null) {
        notifications.add(notification(row, user));
      }
    }
    return notifications;
  }

  private static Notification notification(Row row, String user) {
    return new Notification(
        row.getUUID("id").toString(),
        user,
        row.getString("title"),
        row.getString("message"),
        row.getString("type"),
        Instant.ofEpochMilli(row.getLong("created_millis")),
        row.getBoolean("is_read"),
        row.getLong("at_offset"),
        Optional.ofNullable(row.getString("data")));
  }

  private static Row only(RowSet<Row> rows) {
    return rows.iterator().next();
  }
}
