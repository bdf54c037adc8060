package io.madang.presence.store;

import io.madang.contracts.presence.Person;
import io.madang.contracts.presence.PresenceEvent;
import io.madang.contracts.presence.PresenceJson;
import io.madang.contracts.presence.PresenceNames;
import io.madang.contracts.presence.Status;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.json.JsonArray;
import io.vertx.redis.client.Response;

/**
 * Reads what the scripts say of people: {@code [name, guest, status, text]} in a room, {@code [name, guest]} in topic
 * {@code online}, as JSON.
 */
final class Facts {
  private Facts() {}

  static Person person(String user, String facts) {
    JsonArray parts = new JsonArray(facts);
    boolean inRoom = parts.size() == 4;
    return new Person(
        user,
        parts.getString(0),
        parts.getBoolean(1),
        inRoom ? Status.of(parts.getString(2)) : Status.ONLINE,
        inRoom ? parts.getString(3) : "");
  }

  /** One publication: {@code {offset, time, event, user, facts}} from {@code first} on. */
  static Publication publication(Topic topic, String epoch, Response row, int first) {
    long offset = row.get(first).toLong();
    PresenceEvent event =
        event(row.get(first + 2).toString(), row.get(first + 3).toString(), row.get(first + 4).toString());
    return Publication.state(
        topic,
        event.event(),
        row.get(first + 3).toString(),
        new StreamPosition(epoch, offset),
        offset - 1,
        row.get(first + 1).toLong(),
        Payload.wrap(PresenceJson.encode(event)));
  }

  private static PresenceEvent event(String event, String user, String facts) {
    Person person = person(user, facts);
    return switch (event) {
      case "arrived" -> new PresenceEvent.Arrived(person);
      case "status" -> new PresenceEvent.StatusChanged(person);
      case "departed" -> new PresenceEvent.Departed(user, person.name());
      case "online" -> new PresenceEvent.Online(user, person.name(), person.guest());
      case "offline" -> new PresenceEvent.Offline(user, person.name());
      default -> throw new IllegalStateException("a script published the event " + event);
    };
  }

  static Topic topic(String name) {
    return name.equals(PresenceNames.ONLINE_TOPIC) ? new Topic(name, "") : Topic.parse(name);
  }
}
