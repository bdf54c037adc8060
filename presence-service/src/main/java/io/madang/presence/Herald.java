package io.madang.presence;

import io.madang.contracts.presence.Person;
import io.madang.contracts.presence.PresenceEvent;
import io.madang.contracts.presence.PresenceJson;
import io.madang.contracts.presence.PresenceNames;
import io.madang.presence.roster.Pace;
import io.madang.runtime.service.Observation.Observed;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells of single connections as they come and go: the users their own, everyone those of people who are to be seen, while that
 * are few. Nothing of it is kept; a connection does not hear of itself. When a gateway dies nobody tells of its connections, but
 * of its users. Touched on the service's event loop only.
 */
final class Herald {
  /** Where the topics stand, which keep nothing. */
  static final StreamPosition POSITION = new StreamPosition("passing", 0);

  private static final Topic EVERYONE = new Topic(PresenceNames.CONNECTIONS_TOPIC, "");

  private final Publisher publisher;

  /** Which of these users are to be seen; while that is not known, nobody is told. */
  private final Function<Collection<String>, Future<Map<String, Person>>> seen;

  private final Pace coming;
  private final Pace going;
  private final Counter untold;

  /** @param perSecond connections that came, and as many that went, of which everyone is told */
  Herald(
      Publisher publisher,
      Function<Collection<String>, Future<Map<String, Person>>> seen,
      int perSecond,
      MeterRegistry metrics) {
    this.publisher = publisher;
    this.seen = seen;
    this.coming = new Pace(perSecond, nowMs());
    this.going = new Pace(perSecond, nowMs());
    this.untold = Counter.builder("madang.presence.connections.untold")
        .description("Connections of which not everyone was told, as there were too many")
        .register(metrics);
  }

  /** What came and what went, by whatever name; subscriptions are among them, of which nothing is told here. */
  void tell(List<Observed> arrived, List<Observed> departed) {
    tellDevices(arrived);
    if (!publisher.isWanted(EVERYONE)) {
      return;
    }
    List<Observed> came = few(coming, arrived);
    List<Observed> went = few(going, departed);
    if (!came.isEmpty() || !went.isEmpty()) {
      Set<String> users = Stream.concat(came.stream(), went.stream())
          .map(Observed::user)
          .collect(Collectors.toSet());
      seen.apply(users).onSuccess(people -> tellEveryone(came, went, people));
    }
  }

  private void tellDevices(List<Observed> arrived) {
    for (Observed observed : arrived) {
      Topic own = new Topic(PresenceNames.DEVICES_PREFIX, observed.user());
      if (observed.isConnection() && publisher.isWanted(own)) {
        PresenceEvent event = new PresenceEvent.Connected(observed.connection(), person(observed));
        publisher.publish(publication(own, event).except(observed.connection()));
      }
    }
  }

  private void tellEveryone(List<Observed> came, List<Observed> went, Map<String, Person> people) {
    List<Publication> told = new ArrayList<>();
    for (Observed observed : came) {
      Person person = people.get(observed.user());
      if (person != null) {
        PresenceEvent event = new PresenceEvent.Connected(observed.connection(), person);
        told.add(publication(EVERYONE, event).except(observed.connection()));
      }
    }
    for (Observed observed : went) {
      Person person = people.get(observed.user());
      if (person != null) {
        told.add(
            publication(EVERYONE, new PresenceEvent.Disconnected(observed.connection(), person)));
      }
    }
    publisher.publish(told);
  }

  private List<Observed> few(Pace pace, List<Observed> observed) {
    return observed.stream()
        .filter(Observed::isConnection)
        .filter(each -> isFew(pace))
        .toList();
  }

  private boolean isFew(Pace pace) {
    boolean few = pace.takes(nowMs());
    if (!few) {
      untold.increment();
    }
    return few;
  }

  private static Person person(Observed observed) {
    return new Person(observed.user(), observed.name(), observed.guest());
  }

  private static Publication publication(Topic topic, PresenceEvent event) {
    return Publication.ephemeral(
        topic, event.event(), System.currentTimeMillis(), Payload.wrap(PresenceJson.encode(event)));
  }

  private static long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
