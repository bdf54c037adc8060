package io.madang.presence.store;

import io.madang.contracts.presence.Person;
import io.madang.contracts.presence.PresenceReply.Connection;
import io.madang.contracts.presence.PresenceSnapshot;
import io.madang.contracts.presence.Status;
import io.madang.presence.roster.ConnectionChange;
import io.madang.presence.roster.ConnectionChange.Gone;
import io.madang.presence.roster.ConnectionChange.There;
import io.madang.presence.roster.KnownConnection;
import io.madang.runtime.redis.RedisLink;
import io.madang.runtime.redis.RedisScript;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Response;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * What can be done with presence in Redis, each by one script; any number of nodes may do it at once. Used on one event
 * loop. A failed future means that Redis could not be asked or did not answer; whether the step was taken is then unknown,
 * and taking it again does no harm.
 */
public final class PresenceStore {
  /** How long a chosen status is kept. */
  private static final Duration STATUS_KEPT = Duration.ofDays(30);

  /** A topic that nobody read or changed for this long begins a new epoch. */
  private static final Duration TOPIC_IDLE = Duration.ofHours(1);

  /** Marks a version that stands for a set being told; versions of gateways are numbers. */
  private static final String TELLING = "~";

  /** What else a script did; called before its caller hears the answer, in the order of the answers. */
  public interface Listener {
    /** What the script put into topics, to be brought to their readers. */
    void onPublished(List<Publication> publications);

    /** Someone's place in topic {@code online} may have changed: {@link PresenceStore#flush} is wanted soon. */
    void onOnlineWaits();
  }

  private final RedisLink redis;
  private final String tag;
  private final Rules rules;
  private final LongSupplier skewMs;
  private final Listener listener;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param tag what all keys begin with; holds a hash tag, so that they share a slot
   * @param skewMs added to the clock of Redis: 0, but in tests, which own the time
   */
  public PresenceStore(
      RedisLink redis, String tag, Rules rules, LongSupplier skewMs, Listener listener) {
    this.redis = redis;
    this.tag = tag;
    this.rules = rules;
    this.skewMs = skewMs;
    this.listener = listener;
  }

  /** A version no gateway has, for the time in which a set is taken over. */
  public String telling() {
    return TELLING + Long.toString(random.nextLong(), Character.MAX_RADIX);
  }

  /**
   * Takes over changes and renews the gateway's lease.
   *
   * @return false when the gateway's version is not {@code expected}: nothing was taken over
   */
  public Future<Boolean> observe(
      String gateway, String expected, String next, Collection<ConnectionChange> changes) {
    JsonArray list = new JsonArray();
    changes.forEach(change -> list.add(json(change)));
    JsonObject asked = new JsonObject()
        .put("gateway", gateway)
        .put("expected", expected)
        .put("next", next)
        .put("changes", list);
    return run(PresenceScripts.OBSERVE, asked).map(PresenceStore::isOne);
  }

  private static JsonObject json(ConnectionChange change) {
    if (change instanceof Gone) {
      return new JsonObject().put("connection", change.connection()).put("gone", true);
    }
    There there = (There) change;
    return new JsonObject()
        .put("connection", there.connection())
        .put("user", there.user())
        .put("name", there.name())
        .put("guest", there.guest())
        .put("open", there.open())
        .put("enters", new JsonArray(List.copyOf(there.enters())))
        .put("leaves", new JsonArray(List.copyOf(there.leaves())));
  }

  /**
   * Begins taking over a gateway's whole set; ends other incarnations of its name.
   *
   * @param token from {@link #telling}; the version that the first changes build on
   * @return what is known of its connections
   */
  public Future<Map<String, KnownConnection>> retell(String gateway, String token) {
    JsonObject asked = new JsonObject().put("gateway", gateway).put("token", token);
    return run(PresenceScripts.RETELL, asked).map(PresenceStore::known);
  }

  private static Map<String, KnownConnection> known(Response flat) {
    Map<String, KnownConnection> known = new LinkedHashMap<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      JsonObject record = new JsonObject(flat.get(i + 1).toString());
      Set<String> rooms = new HashSet<>();
      // Lua writes an empty list as {}.
      if (record.getValue("rooms") instanceof JsonArray list) {
        list.forEach(room -> rooms.add((String) room));
      }
      known.put(
          flat.get(i).toString(),
          new KnownConnection(record.getString("user"), record.getBoolean("open"), rooms));
    }
    return known;
  }

  /** Removes some of those who are gone. True when more wait. */
  public Future<Boolean> sweep() {
    return run(PresenceScripts.SWEEP, new JsonObject()).map(PresenceStore::isOne);
  }

  /** Brings topic {@code online} up to date for some of those who changed. True when more wait. */
  public Future<Boolean> flush() {
    return run(PresenceScripts.FLUSH, new JsonObject()).map(PresenceStore::isOne);
  }

  public Future<Void> setStatus(String user, Status status, String text) {
    JsonObject asked =
        new JsonObject().put("user", user).put("status", status.word()).put("text", text);
    return run(PresenceScripts.STATUS, asked).mapEmpty();
  }

  /** The live connections of a user, oldest first. */
  public Future<List<Connection>> connections(String user) {
    return run(PresenceScripts.DEVICES, new JsonObject().put("user", user))
        .map(PresenceStore::connections);
  }

  private static List<Connection> connections(Response flat) {
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      String[] place = flat.get(i).toString().split("\n", 2);
      connections.add(new Connection(
          place[1], place[0], Instant.ofEpochMilli(flat.get(i + 1).toLong())));
    }
    connections.sort(Comparator.comparing(Connection::since).thenComparing(Connection::connection));
    return connections;
  }

  /** Those of {@code users} who are known and chose to be seen, by id. */
  public Future<Map<String, Person>> seen(Collection<String> users) {
    JsonObject asked = new JsonObject().put("users", new JsonArray(List.copyOf(users)));
    return run(PresenceScripts.SEEN, asked).map(flat -> {
      Map<String, Person> seen = new LinkedHashMap<>();
      for (int i = 0; i + 2 < flat.size(); i += 3) {
        String user = flat.get(i).toString();
        seen.put(user, new Person(user, flat.get(i + 1).toString(), isOne(flat.get(i + 2))));
      }
      return seen;
    });
  }

  /**
   * Looks at a topic.
   *
   * @param since what the reader has; absent: nothing
   * @param limit of publications
   * @param people how many are wanted in a snapshot, given only when the topic cannot be continued from {@code since}
   * @param gateways ids of those that live now
   */
  public Future<Reading> read(
      Topic topic,
      Optional<StreamPosition> since,
      int limit,
      int people,
      Collection<String> gateways) {
    JsonObject asked = new JsonObject()
        .put("topic", topic.name())
        .put("epoch", since.map(StreamPosition::epoch).orElse(""))
        .put("offset", since.map(StreamPosition::offset).orElse(0L))
        .put("limit", limit)
        .put("people", people)
        .put("gateways", new JsonArray(List.copyOf(gateways)));
    return run(PresenceScripts.READ, asked).map(found -> reading(topic, found, people > 0));
  }

  private static Reading reading(Topic topic, Response found, boolean wantsPeople) {
    String epoch = found.get(1).toString();
    boolean recovered = isOne(found.get(3));
    List<Publication> publications = new ArrayList<>();
    found.get(4).forEach(row -> publications.add(Facts.publication(topic, epoch, row, 0)));
    return new Reading(
        isOne(found.get(0)),
        new StreamPosition(epoch, found.get(2).toLong()),
        recovered,
        publications,
        recovered || !wantsPeople
            ? Optional.empty()
            : Optional.of(snapshot(topic, found.get(6), found.get(5).toInteger())));
  }

  private static PresenceSnapshot snapshot(Topic topic, Response flat, int count) {
    return topic.id().isEmpty()
        ? new PresenceSnapshot.Online(users(flat, Facts::person), count)
        : new PresenceSnapshot.Room(users(flat, Facts::present), count);
  }

  private static <T> List<T> users(Response flat, BiFunction<String, String, T> reader) {
    List<T> users = new ArrayList<>();
    for (int i = 0; i + 1 < flat.size(); i += 2) {
      users.add(reader.apply(flat.get(i).toString(), flat.get(i + 1).toString()));
    }
    return users;
  }

  private Future<Response> run(RedisScript script, JsonObject asked) {
    return redis
        .run(script, List.of(tag), List.of(settings().encode(), asked.encode()))
        .map(this::heard);
  }

  private JsonObject settings() {
    return new JsonObject()
        .put("skewMs", skewMs.getAsLong())
        .put("leaseMs", rules.lease().toMillis())
        .put("graceMs", rules.grace().toMillis())
        .put("blindMs", rules.blind().toMillis())
        .put("topicIdleMs", TOPIC_IDLE.toMillis())
        .put("statusKeptMs", STATUS_KEPT.toMillis())
        .put("window", rules.window())
        .put("step", rules.step())
        .put("fresh", Long.toHexString(random.nextLong()));
  }

  /** {@code {result, whether online waits, publications}}. */
  private Response heard(Response answer) {
    List<Publication> publications = new ArrayList<>();
    for (Response row : answer.get(2)) {
      publications.add(
          Facts.publication(Facts.topic(row.get(0).toString()), row.get(1).toString(), row, 2));
    }
    if (!publications.isEmpty()) {
      listener.onPublished(publications);
    }
    if (isOne(answer.get(1))) {
      listener.onOnlineWaits();
    }
    return answer.get(0);
  }

  private static boolean isOne(Response number) {
    return number.toInteger() == 1;
  }
}
