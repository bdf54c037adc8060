package io.madang.presence;

import static io.madang.contracts.presence.PresenceNames.ADMIN_ROLE;
import static io.madang.contracts.presence.PresenceNames.CONNECTIONS_TOPIC;
import static io.madang.contracts.presence.PresenceNames.DEVICES_PREFIX;
import static io.madang.contracts.presence.PresenceNames.GUARD_PREFIX;
import static io.madang.contracts.presence.PresenceNames.MAX_ONLINE_SNAPSHOT;
import static io.madang.contracts.presence.PresenceNames.MAX_ONLINE_USERS;
import static io.madang.contracts.presence.PresenceNames.MAX_ROOM_SNAPSHOT;
import static io.madang.contracts.presence.PresenceNames.ONLINE_TOPIC;
import static io.madang.contracts.presence.PresenceNames.ROOM_TOPIC_PREFIX;

import io.madang.contracts.presence.Person;
import io.madang.contracts.presence.PresenceCommand;
import io.madang.contracts.presence.PresenceJson;
import io.madang.contracts.presence.PresenceReply;
import io.madang.contracts.presence.PresenceSnapshot;
import io.madang.presence.roster.ConnectionChange;
import io.madang.presence.roster.News;
import io.madang.presence.store.PresenceStore;
import io.madang.presence.store.Reading;
import io.madang.presence.store.Rules;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.redis.RedisLink;
import io.madang.runtime.redis.RedisLinkOptions;
import io.madang.runtime.redis.RedisUrl;
import io.madang.runtime.service.MeshService;
import io.madang.runtime.service.Observation;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Who is connected and who is in which room. Hears of connections and room subscriptions from every gateway, owns the topics
 * {@code presence:<room>} and {@code online}, and keeps nothing itself: any node serves any gateway and any reader.
 *
 * <p>What others see changes late on purpose. A gateway that tells nothing counts for a lease, a user who left counts for a
 * grace, and after Redis was away or empty nobody is missed before every gateway had a lease's time to tell its set again.
 */
public final class PresenceService implements MeshService {
  /** What all keys begin with; in braces, so that a cluster keeps them in one place. */
  private static final String TAG = "madang:{presence}";

  /** Connections and rooms in one script, so that Redis is held for some milliseconds at most. */
  private static final int STEP = 200;

  /** How long Redis may take to be there at start. */
  private static final Duration START_WAIT = Duration.ofSeconds(60);

  /** How long Redis may take to answer; less than the gateways wait for us. */
  private static final Duration ANSWER = Duration.ofMillis(1_500);

  /** A pause of all sweepers that one missed beat explains is none. */
  private static final int BEATS_MISSED = 3;

  /** While gateways tell their sets again, a reader waits this often and this long: in all less than an attempt. */
  private static final int SETTLE_TRIES = 15;

  private static final int SETTLE_PAUSE_MS = 100;

  private static final TopicAnswer NO_SUCH_TOPIC =
      TopicAnswer.denied("forbidden", "There is no such topic, or you may not hear it.");

  private final PresenceConfig config;

  /** Added to the clock of Redis, which every time is read from: 0, but in tests, which own the time. */
  private final LongSupplier skewMs;

  private final News news = new News(GUARD_PREFIX);

  /** Null until started, as the next six. */
  private ServiceContext context;

  private RedisLink redis;
  private PresenceStore store;
  private Sweeper sweeper;
  private Herald herald;
  private Counter publications;
  private Counter retold;

  public PresenceService(PresenceConfig config) {
    this(config, () -> 0);
  }

  PresenceService(PresenceConfig config, LongSupplier skewMs) {
    this.config = config;
    this.skewMs = skewMs;
  }

  @Override
  public ServiceDescriptor descriptor() {
    return PresenceDescriptor.make();
  }

  @Override
  public Future<?> start(ServiceContext serviceContext) {
    context = serviceContext;
    RedisUrl url = RedisUrl.parse(config.redis().value());
    redis = RedisLink.create(context.vertx(), RedisLinkOptions.of(url).withCommandLimit(ANSWER));
    Duration blind = config.sweepEvery().multipliedBy(BEATS_MISSED);
    Rules rules = new Rules(config.lease(), config.grace(), blind, config.window(), STEP);
    store = new PresenceStore(redis, TAG, rules, skewMs, new Aftermath());
    sweeper = new Sweeper(context.vertx(), store, config.sweepEvery(), config.onlineEvery());
    herald =
        new Herald(context.publisher(), store::seen, config.connectionsTold(), context.metrics());
    publications = Counter.builder("madang.presence.publications")
        .description("Arrivals, departures and changes that scripts run here put into topics")
        .register(context.metrics());
    retold = Counter.builder("madang.presence.retold")
        .description("Gateways' whole sets taken over here")
        .register(context.metrics());
    return redis.start(START_WAIT).onSuccess(up -> sweeper.start());
  }

  @Override
  public Future<?> stop() {
    if (redis == null) {
      return Future.succeededFuture();
    }
    sweeper.stop();
    return redis.close();
  }

  /** Removes who is gone, now instead of at the next beat; for tests, which own the time. */
  Future<Void> sweepNow() {
    return sweeper.sweepNow();
  }

  /** What a script did beside its answer. */
  private final class Aftermath implements PresenceStore.Listener {
    @Override
    public void onPublished(List<Publication> published) {
      publications.increment(published.size());
      context.publisher().publish(published);
    }

    @Override
    public void onOnlineWaits() {
      sweeper.onlineWaits();
    }
  }

  // What gateways tell.

  @Override
  public Future<Boolean> observe(Observation observation) {
    return observation.isWhole() ? observeWhole(observation) : observeChanges(observation);
  }

  private Future<Boolean> observeChanges(Observation observation) {
    List<ConnectionChange> changes = news.changes(observation.arrived(), observation.departed());
    return take(observation, Long.toString(observation.baseVersion()), changes).onSuccess(taken -> {
      if (taken) {
        herald.tell(observation.arrived(), observation.departed());
      }
    });
  }

  private Future<Boolean> observeWhole(Observation observation) {
    retold.increment();
    String token = store.telling();
    return store
        .retell(observation.gateway(), token)
        .compose(known -> take(observation, token, news.changes(known, observation.arrived()))
            .onSuccess(taken -> {
              if (taken) {
                herald.tell(
                    observation.arrived().stream()
                        .filter(observed -> !known.containsKey(observed.connection()))
                        .toList(),
                    News.gone(known, observation.arrived()));
              }
            }));
  }

  /** Takes changes over in parts; until the last, the gateway's version is one that nothing else builds on. */
  private Future<Boolean> take(
      Observation observation, String base, List<ConnectionChange> changes) {
    String whole = Long.toString(observation.version());
    List<List<ConnectionChange>> parts = News.parts(changes, STEP);
    String version = base;
    Future<Boolean> taken = Future.succeededFuture(true);
    for (int i = 0; i < parts.size(); i++) {
      List<ConnectionChange> part = parts.get(i);
      String expected = version;
      String next = i == parts.size() - 1 ? whole : store.telling();
      taken = taken.compose(before -> before
          ? store.observe(observation.gateway(), expected, next, part)
          : Future.succeededFuture(false));
      version = next;
    }
    return taken;
  }

  // What readers ask.

  @Override
  public Future<TopicAnswer> subscribe(TopicRead.Subscribe read) {
    if (!isOurs(read.topic()) || isOthers(read.topic(), read.caller())) {
      return Future.succeededFuture(NO_SUCH_TOPIC);
    }
    if (isPassing(read.topic())) {
      return Future.succeededFuture(passing(read.since()));
    }
    int people = isOnline(read.topic()) ? MAX_ONLINE_SNAPSHOT : MAX_ROOM_SNAPSHOT;
    return look(read.topic(), read.since(), read.limit(), people).map(PresenceService::granted);
  }

  @Override
  public Future<TopicAnswer> catchUp(TopicRead.CatchUp read) {
    if (!isOurs(read.topic())) {
      return Future.succeededFuture(NO_SUCH_TOPIC);
    }
    if (isPassing(read.topic())) {
      return Future.succeededFuture(passing(Optional.of(read.since())));
    }
    return store
        .read(read.topic(), Optional.of(read.since()), read.limit(), 0, List.of())
        .map(PresenceService::granted);
  }

  /** Nothing is guarded by presence. */
  @Override
  public Future<TopicAnswer> authorise(TopicRead.Authorise read) {
    return Future.succeededFuture(NO_SUCH_TOPIC);
  }

  /** Who is here is for those who are here; who came and went is nobody's business. */
  @Override
  public Future<TopicAnswer> history(TopicRead.History read) {
    return Future.succeededFuture(
        TopicAnswer.denied("forbidden", "Presence tells people nothing of the past."));
  }

  private static boolean isOurs(Topic topic) {
    return isOnline(topic)
        || isPassing(topic)
        || (topic.prefix().equals(ROOM_TOPIC_PREFIX) && !topic.id().isEmpty());
  }

  private static boolean isOnline(Topic topic) {
    return topic.prefix().equals(ONLINE_TOPIC) && topic.id().isEmpty();
  }

  /** Whether nothing of it is kept, so that it stands where it always stood. */
  private static boolean isPassing(Topic topic) {
    return (topic.prefix().equals(CONNECTIONS_TOPIC) && topic.id().isEmpty())
        || (topic.prefix().equals(DEVICES_PREFIX) && !topic.id().isEmpty());
  }

  private static boolean isOthers(Topic topic, Caller caller) {
    return topic.prefix().equals(DEVICES_PREFIX) && !topic.id().equals(caller.user());
  }

  private static TopicAnswer passing(Optional<StreamPosition> since) {
    return new TopicAnswer.Granted(
        Herald.POSITION,
        since.map(Herald.POSITION::equals).orElse(false),
        false,
        Optional.empty(),
        List.of());
  }

  private static TopicAnswer granted(Reading reading) {
    return new TopicAnswer.Granted(
        reading.position(),
        reading.recovered(),
        reading.hasMore(),
        reading.snapshot().map(PresenceJson::encode).map(Payload::wrap),
        reading.publications());
  }

  /** Reads for a person, who must not see a room half empty because Redis was. */
  private Future<Reading> look(Topic topic, Optional<StreamPosition> since, int limit, int people) {
    return look(topic, since, limit, people, SETTLE_TRIES);
  }

  private Future<Reading> look(
      Topic topic, Optional<StreamPosition> since, int limit, int people, int tries) {
    List<String> gateways = context.nodes().live().stream()
        .filter(NodeInfo::isGateway)
        .map(NodeInfo::id)
        .toList();
    return store.read(topic, since, limit, people, gateways).compose(reading -> {
      if (!reading.settling()) {
        return Future.succeededFuture(reading);
      }
      if (tries == 0) {
        return Future.failedFuture(new UnsettledException());
      }
      return context
          .vertx()
          .timer(SETTLE_PAUSE_MS, TimeUnit.MILLISECONDS)
          .compose(passed -> look(topic, since, limit, people, tries - 1));
    });
  }

  // What people ask.

  @Override
  public Future<CommandOutcome> command(CommandCall call) {
    PresenceCommand command;
    try {
      command = PresenceJson.decode(call.name(), call.arguments().utf8());
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(CommandOutcome.refused(Refusal.badRequest(e.getMessage())));
    }
    return command.dispatch(new Commands(call.caller()));
  }

  private final class Commands implements PresenceCommand.Handler<Future<CommandOutcome>> {
    private final Caller caller;

    private Commands(Caller caller) {
      this.caller = caller;
    }

    @Override
    public Future<CommandOutcome> on(PresenceCommand.OnlineUsers command) {
      return look(new Topic(ONLINE_TOPIC, ""), Optional.empty(), 0, MAX_ONLINE_USERS)
          .map(reading -> done(new PresenceReply.OnlineUsers(names(reading))));
    }

    @Override
    public Future<CommandOutcome> on(PresenceCommand.OnlineList command) {
      return look(new Topic(ONLINE_TOPIC, ""), Optional.empty(), 0, MAX_ONLINE_SNAPSHOT)
          .map(reading -> done(new PresenceReply.OnlineList(people(reading, self()))));
    }

    private Person self() {
      return new Person(caller.user(), caller.name(), caller.guest());
    }

    @Override
    public Future<CommandOutcome> on(PresenceCommand.WhoAmI command) {
      return Future.succeededFuture(done(new PresenceReply.You(self(), caller.connection())));
    }

    @Override
    public Future<CommandOutcome> on(PresenceCommand.UserConnections command) {
      String user = command.userId().orElse(caller.user());
      if (!user.equals(caller.user()) && !caller.hasRole(ADMIN_ROLE) && !caller.isService()) {
        return Future.succeededFuture(CommandOutcome.refused(
            "forbidden", "Only an admin may see another user's connections."));
      }
      return store.connections(user).map(list -> done(new PresenceReply.Connections(list)));
    }

    @Override
    public Future<CommandOutcome> on(PresenceCommand.SetStatus command) {
      if (caller.isService()) {
        return Future.succeededFuture(
            CommandOutcome.refused("forbidden", "A service has no status."));
      }
      return store
          .setStatus(caller.user(), command.status(), command.text())
          .map(set -> done(new PresenceReply.StatusSet(command.status(), command.text())));
    }
  }

  /** By name, with the asker, of whom presence may not have heard yet. */
  private static List<Person> people(Reading reading, Person self) {
    PresenceSnapshot.Online online =
        (PresenceSnapshot.Online) reading.snapshot().orElseThrow();
    return Stream.concat(
            Stream.of(self),
            online.users().stream().filter(person -> !person.id().equals(self.id())))
        .sorted(Comparator.comparing(Person::name, String.CASE_INSENSITIVE_ORDER)
            .thenComparing(Person::id))
        .toList();
  }

  private static List<String> names(Reading reading) {
    PresenceSnapshot.Online online =
        (PresenceSnapshot.Online) reading.snapshot().orElseThrow();
    return online.users().stream()
        .map(Person::name)
        .sorted(String.CASE_INSENSITIVE_ORDER.thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private static CommandOutcome done(PresenceReply reply) {
    return CommandOutcome.done(Payload.wrap(PresenceJson.encode(reply)));
  }
}
