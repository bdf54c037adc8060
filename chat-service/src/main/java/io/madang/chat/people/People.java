package io.madang.chat.people;

import io.madang.contracts.chat.Person;
import io.madang.runtime.command.Caller;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everyone who was seen. Whoever comes is written down once per node and name, many in one statement; one statement is under
 * way at a time.
 *
 * <p>Touched on the service's event loop only.
 */
public final class People {
  private static final Logger LOG = LoggerFactory.getLogger(People.class);

  /** People this node remembers to have written down. */
  private static final int MAX_KNOWN = 20_000;

  /** People who may wait to be written down; one more is not. */
  private static final int MAX_WAITING = 10_000;

  private static final String MEET = "select chat.meet($1, $2, $3, $4)";

  /** An account before guests, and of guests the one seen last. */
  private static final String FIND =
      "select user_id, name, guest from chat.person where user_id = $1 or name_key = $2"
          + " order by user_id <> $1, guest, seen_at desc limit 1";

  private final Pool pool;

  /** Name under which somebody was written down, by id; the longest unseen first. */
  private final Map<String, String> known = new LinkedHashMap<>(256, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
      return size() > MAX_KNOWN;
    }
  };

  /** Who will be written down next, by id, and who waits for it. */
  private Map<String, Meeting> waiting = new LinkedHashMap<>();

  /** Who is being written down. */
  private Map<String, Meeting> underWay = Map.of();

  private record Meeting(Caller caller, Promise<Void> promise) {}

  public People(Pool pool) {
    this.pool = pool;
  }

  /**
   * Sees to it that the caller can be found by name.
   *
   * @return succeeds, at once for who is known, else when written down or when that failed: nobody is turned away for it
   */
  public Future<Void> meet(Caller caller) {
    if (caller.isService() || caller.name().equals(known.get(caller.user()))) {
      return Future.succeededFuture();
    }
    Meeting already = waiting.getOrDefault(caller.user(), underWay.get(caller.user()));
    if (already != null && already.caller().name().equals(caller.name())) {
      return already.promise().future();
    }
    if (waiting.size() >= MAX_WAITING) {
      return Future.succeededFuture();
    }
    Meeting meeting = new Meeting(caller, Promise.promise());
    Meeting replaced = waiting.put(caller.user(), meeting);
    if (replaced != null) {
      meeting.promise().future().onComplete(met -> replaced.promise().tryComplete());
    }
    if (underWay.isEmpty()) {
      writeDown();
    }
    return meeting.promise().future();
  }

  private void writeDown() {
    underWay = waiting;
    waiting = new LinkedHashMap<>();
    List<Caller> callers = underWay.values().stream().map(Meeting::caller).toList();
    pool.preparedQuery(MEET)
        .execute(Tuple.tuple()
            .addArrayOfString(callers.stream().map(Caller::user).toArray(String[]::new))
            .addArrayOfString(callers.stream().map(Caller::name).toArray(String[]::new))
            .addArrayOfString(
                callers.stream().map(c -> NameKey.of(c.name())).toArray(String[]::new))
            .addArrayOfBoolean(callers.stream().map(Caller::guest).toArray(Boolean[]::new)))
        .onComplete(
            rows -> callers.forEach(caller -> known.put(caller.user(), caller.name())),
            failure -> LOG.warn(
                "{} people could not be written down: {}", callers.size(), failure.toString()))
        .onComplete(done -> onWritten());
  }

  private void onWritten() {
    List<Meeting> met = new ArrayList<>(underWay.values());
    underWay = Map.of();
    if (!waiting.isEmpty()) {
      writeDown();
    }
    met.forEach(meeting -> meeting.promise().tryComplete());
  }

  /** Somebody by id or name. */
  public Future<Optional<Person>> find(String idOrName) {
    return pool.preparedQuery(FIND)
        .execute(Tuple.of(idOrName, NameKey.of(idOrName)))
        .map(rows -> {
          if (!rows.iterator().hasNext()) {
            return Optional.<Person>empty();
          }
          Row row = rows.iterator().next();
          return Optional.of(new Person(
              row.getString("user_id"), row.getString("name"), row.getBoolean("guest"), false));
        });
  }
}
