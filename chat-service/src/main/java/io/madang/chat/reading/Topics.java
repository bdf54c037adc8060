package io.madang.chat.reading;

import io.madang.chat.log.LogEntry;
import io.madang.chat.log.StoredJson;
import io.madang.contracts.chat.ChatJson;
import io.madang.contracts.chat.ChatNames;
import io.madang.contracts.chat.RoomId;
import io.madang.runtime.command.Caller;
import io.madang.runtime.postgres.GroupedReads;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Rooms and inboxes as topics: who may hear them, where they stand, what came after a position. Unknown and forbidden answer
 * alike. Belongs to the service's event loop.
 */
public final class Topics {
  /** Messages, or direct messages, in a snapshot. */
  private static final int NEWEST = 50;

  private static final String READ_ROOMS = """
      select r.status, r.epoch, r.head, r.recovered, r.more, r.entries::text as entries, r.snapshot::text as snapshot
        from unnest($1::text[], $2::text[], $3::boolean[], $4::text[], $5::bigint[], $6::integer[], $7::integer[])
             with ordinality as asked(room, reader, authorise, epoch, pos, most, newest, n),
             chat.read_room(asked.room, asked.reader, asked.authorise, asked.epoch, asked.pos, asked.most, asked.newest) r
       order by asked.n""";
  private static final String ROOM_LOG =
      "select status, epoch, head, more, entries::text as entries from chat.room_log($1, $2, $3, $4, $5)";
  private static final String READ_INBOXES = """
      select r.epoch, r.head, r.untold, r.recovered, r.more, r.entries::text as entries, r.snapshot::text as snapshot
        from unnest($1::text[], $2::text[], $3::bigint[], $4::integer[], $5::integer[])
             with ordinality as asked(reader, epoch, pos, most, newest, n),
             chat.read_inbox(asked.reader, asked.epoch, asked.pos, asked.most, asked.newest) r
       order by asked.n""";
  private static final String INBOX_LOG =
      "select epoch, head, more, entries::text as entries from chat.inbox_log($1, $2, $3, $4)";
  private static final String OPEN_INBOXES = "select chat.open_inboxes($1)";
  private static final String TELL_INBOX =
      "select chat.tell_inbox($1)::text as entries, chat.store() as store";

  /** Times that an inbox is told what changed before one reading of it. */
  private static final int MOST_TELLINGS = 3;

  private final Pool pool;
  private final Publisher publisher;
  private final GroupedReads<RoomReading, Row> rooms = new GroupedReads<>(this::readRooms);
  private final GroupedReads<InboxReading, Row> inboxes = new GroupedReads<>(this::readInboxes);
  private final GroupedReads<String, String> openings = new GroupedReads<>(this::openInboxes);

  /** @param reader whose permission is asked for as well; empty when nobody's is */
  private record RoomReading(
      RoomId room,
      Optional<Caller> reader,
      Optional<StreamPosition> since,
      int limit,
      int newest) {}

  private record InboxReading(String user, Optional<StreamPosition> since, int limit, int newest) {}

  public Topics(Pool pool, Publisher publisher) {
    this.pool = pool;
    this.publisher = publisher;
  }

  /** Authorises and reads. */
  public Future<TopicAnswer> subscribe(TopicRead.Subscribe read) {
    Topic topic = read.topic();
    if (topic.prefix().equals(ChatNames.INBOX)) {
      return isOwn(topic, read.caller())
          ? readInbox(topic, read.since(), read.limit(), NEWEST)
          : denied();
    }
    return readRoom(topic, Optional.of(read.caller()), read.since(), read.limit(), NEWEST);
  }

  /** Reads for a gateway. */
  public Future<TopicAnswer> catchUp(TopicRead.CatchUp read) {
    Topic topic = read.topic();
    Optional<StreamPosition> since = Optional.of(read.since());
    return topic.prefix().equals(ChatNames.INBOX)
        ? readInbox(topic, since, read.limit(), 0)
        : readRoom(topic, Optional.empty(), since, read.limit(), 0);
  }

  /** Authorises for a topic that a room guards. */
  public Future<TopicAnswer> authorise(TopicRead.Authorise read) {
    return read.topic().prefix().equals(ChatNames.ROOM)
        ? readRoom(read.topic(), Optional.of(read.caller()), Optional.empty(), 0, 0)
        : denied();
  }

  /** Reads a page. */
  public Future<TopicAnswer> history(TopicRead.History read) {
    Topic topic = read.topic();
    Long before = read.before().orElse(null);
    Long after = read.after().orElse(null);
    int take = Math.max(1, Math.min(TopicRead.MAX_PUBLICATIONS, read.limit()));
    if (topic.prefix().equals(ChatNames.INBOX)) {
      return isOwn(topic, read.caller())
          ? query(INBOX_LOG, Tuple.of(topic.id(), before, after, take)).map(row -> page(row))
          : denied();
    }
    Optional<RoomId> room = roomOf(topic);
    return room.isEmpty()
        ? denied()
        : query(ROOM_LOG, Tuple.of(room.get().value(), read.caller().user(), before, after, take))
            .map(row -> page(row));
  }

  private Future<TopicAnswer> readRoom(
      Topic topic, Optional<Caller> caller, Optional<StreamPosition> since, int limit, int newest) {
    Optional<RoomId> room = roomOf(topic);
    if (room.isEmpty()) {
      return denied();
    }
    return rooms
        .read(new RoomReading(room.get(), caller, since, limit, newest))
        .map(row -> row.getString("status").equals("done")
            ? granted(row, since, Topics::roomSnapshot)
            : refused());
  }

  private Future<TopicAnswer> readInbox(
      Topic topic, Optional<StreamPosition> since, int limit, int newest) {
    if (!isStorable(topic.id())) {
      return denied();
    }
    InboxReading reading = new InboxReading(topic.id(), since, limit, newest);
    return inboxes
        .read(reading)
        .compose(row -> row.getString("epoch") == null
            ? openings.read(topic.id()).compose(opened -> inboxes.read(reading))
            : Future.succeededFuture(row))
        .compose(row -> told(topic, reading, row, MOST_TELLINGS))
        .map(row -> granted(row, since, Topics::inboxSnapshot));
  }

  private Future<List<Row>> readRooms(List<RoomReading> asked) {
    Tuple arguments = Tuple.tuple()
        .addArrayOfString(each(asked, String[]::new, reading -> reading.room.value()))
        .addArrayOfString(each(
            asked, String[]::new, reading -> reading.reader.map(Caller::user).orElse("")))
        .addArrayOfBoolean(each(asked, Boolean[]::new, reading -> reading.reader.isPresent()))
        .addArrayOfString(each(asked, String[]::new, reading -> epoch(reading.since)))
        .addArrayOfLong(each(asked, Long[]::new, reading -> offset(reading.since)))
        .addArrayOfInteger(each(asked, Integer[]::new, RoomReading::limit))
        .addArrayOfInteger(each(asked, Integer[]::new, RoomReading::newest));
    return queryAll(READ_ROOMS, arguments);
  }

  private Future<List<Row>> readInboxes(List<InboxReading> asked) {
    Tuple arguments = Tuple.tuple()
        .addArrayOfString(each(asked, String[]::new, InboxReading::user))
        .addArrayOfString(each(asked, String[]::new, reading -> epoch(reading.since)))
        .addArrayOfLong(each(asked, Long[]::new, reading -> offset(reading.since)))
        .addArrayOfInteger(each(asked, Integer[]::new, InboxReading::limit))
        .addArrayOfInteger(each(asked, Integer[]::new, InboxReading::newest));
    return queryAll(READ_INBOXES, arguments);
  }

  private Future<List<String>> openInboxes(List<String> users) {
    return query(OPEN_INBOXES, Tuple.tuple().addArrayOfString(users.toArray(String[]::new)))
        .map(users);
  }

  private static <Q, V> V[] each(List<Q> asked, IntFunction<V[]> column, Function<Q, V> value) {
    return asked.stream().map(value).toArray(column);
  }

  private static String epoch(Optional<StreamPosition> since) {
    return since.map(StreamPosition::epoch).orElse(null);
  }

  private static Long offset(Optional<StreamPosition> since) {
    return since.map(StreamPosition::offset).orElse(null);
  }

  /**
   * Counts change without being told while nobody listens, or when the node dies that was about to. Whoever reads an inbox has
   * them told first, so that its offsets stand for them too.
   */
  private Future<Row> told(Topic topic, InboxReading reading, Row row, int tellings) {
    if (!row.getBoolean("untold") || tellings == 0) {
      return Future.succeededFuture(row);
    }
    return query(TELL_INBOX, Tuple.of(topic.id())).compose(told -> {
      String store = told.getString("store");
      publisher.publish(StoredJson.entries(told.getString("entries")).stream()
          .map(entry -> entry.toPublication(store))
          .toList());
      return inboxes.read(reading).compose(again -> told(topic, reading, again, tellings - 1));
    });
  }

  /** Reads a snapshot's JSON and writes it as people get it. */
  private interface Snapshot {
    Payload of(String json);
  }

  private static Payload roomSnapshot(String json) {
    return Payload.wrap(ChatJson.encode(StoredJson.roomSnapshot(json)));
  }

  private static Payload inboxSnapshot(String json) {
    return Payload.wrap(ChatJson.encode(StoredJson.inboxSnapshot(json)));
  }

  private static TopicAnswer granted(Row row, Optional<StreamPosition> since, Snapshot snapshot) {
    String epoch = row.getString("epoch");
    boolean recovered = row.getBoolean("recovered");
    return new TopicAnswer.Granted(
        new StreamPosition(epoch, row.getLong("head")),
        recovered,
        row.getBoolean("more"),
        Optional.ofNullable(row.getString("snapshot")).map(snapshot::of),
        publications(row, recovered ? since.orElseThrow().offset() : 0));
  }

  private static TopicAnswer page(Row row) {
    if (row.getString("epoch") == null) {
      return refused();
    }
    List<Publication> publications = publications(row, -1);
    return new TopicAnswer.Granted(
        new StreamPosition(row.getString("epoch"), row.getLong("head")),
        true,
        row.getBoolean("more"),
        Optional.empty(),
        publications);
  }

  /**
   * Rows as publications, each after the one before it, as counts in inboxes leave offsets that are told no more.
   *
   * @param first the offset before the first; -1: right before it
   */
  private static List<Publication> publications(Row row, long first) {
    String epoch = row.getString("epoch");
    String store = epoch.substring(epoch.indexOf('.') + 1);
    List<Publication> publications = new ArrayList<>();
    long previous = first;
    for (LogEntry entry : StoredJson.entries(row.getString("entries"))) {
      publications.add(entry.toPublication(store, previous < 0 ? entry.pos() - 1 : previous));
      previous = entry.pos();
    }
    return publications;
  }

  private Future<Row> query(String sql, Tuple arguments) {
    return pool.preparedQuery(sql)
        .execute(arguments)
        .map(rows -> rows.iterator().next());
  }

  private Future<List<Row>> queryAll(String sql, Tuple arguments) {
    return pool.preparedQuery(sql).execute(arguments).map(rows -> {
      List<Row> all = new ArrayList<>(rows.size());
      rows.forEach(all::add);
      return all;
    });
  }

  /** The room of a topic; empty when no room can have that name. */
  private static Optional<RoomId> roomOf(Topic topic) {
    try {
      return Optional.of(new RoomId(topic.id()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isOwn(Topic topic, Caller caller) {
    return topic.id().equals(caller.user()) && isStorable(topic.id());
  }

  /** Halves of surrogate pairs cannot be kept, and NUL neither; topics have no control characters. */
  private static boolean isStorable(String id) {
    return !id.isEmpty()
        && id.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
  }

  private static Future<TopicAnswer> denied() {
    return Future.succeededFuture(refused());
  }

  private static TopicAnswer refused() {
    return TopicAnswer.denied("forbidden", "There is no such topic, or you may not hear it.");
  }
}
