package io.madang.presence.store;

import io.madang.contracts.presence.Person;
import io.madang.contracts.presence.PresenceEvent;
import io.madang.contracts.presence.PresenceJson;
import io.madang.contracts.presence.PresenceNames;
import io.madang.contracts.presence.Present;
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

  /** Of the two or four facts, who it is. */
  static Person person(String user, String facts) {
    JsonArray parts = new JsonArray(facts);
    return new Person(user, parts.getString(0), parts.getBoolean(1));
  }

  static Present present(String user, String facts) {
    JsonArray parts = new JsonArray(facts);
    return new Present(person(user, facts), Status.of(parts.getString(2)), parts.getString(3));
  }

  /** One publication: {@code {offset, time, event, user, facts}} from {@code first} on. */
  static Publication publication(Topic topic, String epoch, Response row, int first) {
    long offset = row.get(first).toLong();
    PresenceEvent event = event(
        row.get(first + 2).toString(),
        row.get(first + 3).toString(),
        row.get(first + 4).toString());
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
    return switch (event) {
      case "arrived" -> new PresenceEvent.Arrived(present(user, facts));
      case "status" -> new PresenceEvent.StatusChanged(present(user, facts));
      case "departed" -> new PresenceEvent.Departed(person(user, facts));
      case "online" -> new PresenceEvent.Online(person(user, facts));
      case "offline" -> new PresenceEvent.Offline(person(user, facts));
      default -> throw new IllegalStateException("a script published the event " + event);
    };
  }

  static Topic topic(String name) {
    return name.equals(PresenceNames.ONLINE_TOPIC) ? new Topic(name, "") : Topic.parse(name);
  }
}
