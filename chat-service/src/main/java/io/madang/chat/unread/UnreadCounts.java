package io.madang.chat.unread;

import io.madang.chat.log.LogEntry;
import io.madang.chat.log.StoredJson;
import io.madang.contracts.chat.ChatNames;
import io.madang.contracts.chat.RoomId;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells members what is unread after somebody spoke: rooms are gathered for a short time, then the members whose inboxes are
 * wanted are told in one call for each room. Rooms with more members than the limit are not counted live.
 *
 * <p>Touched on the service's event loop only. What fails is logged; like all that nobody was told, it is told with the next
 * message, or when somebody reads the inbox.
 */
public final class UnreadCounts {
  private static final Logger LOG = LoggerFactory.getLogger(UnreadCounts.class);

  private static final String MEMBERS = """
      select r.room, m.user_id from chat.room r join chat.member m on m.life = r.life
       where r.room = any ($1) and r.members <= $2""";

  /** Rooms whose members are asked for in one statement. */
  private static final int ROOMS_AT_ONCE = 100;

  private static final String TELL =
      "select chat.tell_unread($1, $2)::text as entries, chat.store() as store";

  private final Vertx vertx;
  private final Pool pool;
  private final Publisher publisher;
  private final Duration every;
  private final int maxMembers;

  /** Rooms in which counts changed since the last round. */
  private Set<RoomId> changed = new LinkedHashSet<>();

  /** Whether a round is planned or under way. */
  private boolean planned;

  /** Set by {@link #close}. */
  private boolean closed;

  public UnreadCounts(Vertx vertx, Pool pool, Publisher publisher, Duration every, int maxMembers) {
    this.vertx = vertx;
    this.pool = pool;
    this.publisher = publisher;
    this.every = every;
    this.maxMembers = maxMembers;
  }

  /** Somebody spoke, or what was said before is no more. */
  public void changed(RoomId room) {
    changed.add(room);
    plan();
  }

  public void close() {
    closed = true;
  }

  private void plan() {
    if (!planned && !closed && !changed.isEmpty()) {
      planned = true;
      vertx.setTimer(every.toMillis(), id -> round());
    }
  }

  private void round() {
    if (closed) {
      return;
    }
    List<RoomId> rooms = List.copyOf(changed);
    changed = new LinkedHashSet<>();
    tell(rooms).onComplete(told -> {
      planned = false;
      plan();
    });
  }

  /** A part after the other: those who speak just now need the database, too. */
  private Future<Void> tell(List<RoomId> rooms) {
    List<RoomId> first = rooms.subList(0, Math.min(rooms.size(), ROOMS_AT_ONCE));
    List<RoomId> others = rooms.subList(first.size(), rooms.size());
    Future<Void> told = wanted(first)
        .compose(inboxes -> Future.join(inboxes.entrySet().stream()
            .map(room -> tell(room.getKey(), room.getValue()))
            .toList()))
        .<Void>mapEmpty()
        .onFailure(this::onFailure);
    return others.isEmpty()
        ? told
        : told.transform(ended -> closed ? Future.succeededFuture() : tell(others));
  }

  /** The users of each room who listen to their inboxes; rooms without any are left out. */
  private Future<Map<String, Set<Topic>>> wanted(List<RoomId> rooms) {
    String[] names = rooms.stream().map(RoomId::value).toArray(String[]::new);
    return pool.preparedQuery(MEMBERS).execute(Tuple.of(names, maxMembers)).map(rows -> {
      Map<String, List<Topic>> inboxes = new LinkedHashMap<>();
      rows.forEach(row -> inboxes
          .computeIfAbsent(row.getString("room"), of -> new ArrayList<>())
          .add(new Topic(ChatNames.INBOX, row.getString("user_id"))));
      Map<String, Set<Topic>> wanted = new LinkedHashMap<>();
      inboxes.forEach((room, of) -> wanted.put(room, publisher.wanted(of)));
      wanted.values().removeIf(Set::isEmpty);
      return wanted;
    });
  }

  private void onFailure(Throwable failure) {
    if (!closed) {
      LOG.warn("Unread counts of a room were not told: {}", failure.toString());
    }
  }

  private Future<Void> tell(String room, Set<Topic> inboxes) {
    String[] users = inboxes.stream().map(Topic::id).toArray(String[]::new);
    return pool.preparedQuery(TELL)
        .execute(Tuple.of(room).addArrayOfString(users))
        .map(rows -> {
          Row row = rows.iterator().next();
          String store = row.getString("store");
          List<LogEntry> entries = StoredJson.entries(row.getString("entries"));
          publisher.publish(
              entries.stream().map(entry -> entry.toPublication(store)).toList());
          return null;
        });
  }
}
