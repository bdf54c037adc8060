package io.madang.chat.typing;

import io.madang.contracts.chat.ChatEvent;
import io.madang.contracts.chat.ChatJson;
import io.madang.contracts.chat.ChatNames;
import io.madang.contracts.chat.Person;
import io.madang.contracts.chat.RoomId;
import io.madang.runtime.command.Caller;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Tells rooms who types, at the pace of {@link TypingPace}. Touched on the service's event loop only. */
public final class Typists {
  /** Typists remembered at once. */
  private static final int MAX_TYPISTS = 10_000;

  private final Vertx vertx;
  private final Publisher publisher;
  private final TypingPace<Typist> pace;

  /** Of the newest word that arrived. */
  private long turns;

  private record Typist(String user, RoomId room) {}

  public Typists(Vertx vertx, Publisher publisher, Duration every) {
    this.vertx = vertx;
    this.publisher = publisher;
    this.pace = new TypingPace<>(every.toMillis(), MAX_TYPISTS);
  }

  /** The place of a word that arrives now among all words; words are said later, once it is known that they may be. */
  public long takeTurn() {
    return ++turns;
  }

  /**
   * Somebody who may speak in the room types, or does no more.
   *
   * @param turn of this word; a word said after a newer one is not told
   */
  public void say(Caller caller, RoomId room, boolean isTyping, long turn) {
    Typist typist = new Typist(caller.user(), room);
    OptionalLong wait = pace.say(typist, isTyping, turn, nowMs());
    if (wait.isEmpty()) {
      return;
    }
    if (wait.getAsLong() == 0) {
      publish(caller, room, isTyping);
      return;
    }
    vertx.setTimer(wait.getAsLong(), id -> {
      if (pace.due(typist, nowMs())) {
        publish(caller, room, pace.value(typist));
      }
    });
  }

  private void publish(Caller caller, RoomId room, boolean isTyping) {
    Person person = new Person(caller.user(), caller.name(), caller.guest(), false);
    ChatEvent event = new ChatEvent.Typing(person, isTyping);
    Publication publication = Publication.ephemeral(
        new Topic(ChatNames.ROOM, room.value()),
        event.event(),
        System.currentTimeMillis(),
        Payload.wrap(ChatJson.encode(event)));
    publisher.publish(caller.connection().map(publication::except).orElse(publication));
  }

  private static long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
