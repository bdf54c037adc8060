package io.madang.chat.reading;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.chat.asker.Actor;
import io.madang.chat.log.MessageId;
import io.madang.chat.log.StoredJson;
import io.madang.contracts.chat.ChatCommand;
import io.madang.contracts.chat.ChatNames;
import io.madang.contracts.chat.ChatReply;
import io.madang.contracts.chat.Person;
import io.madang.contracts.chat.Position;
import io.madang.contracts.chat.RoomId;
import io.madang.runtime.command.Effects;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What somebody finds who comes back: where the user's topics stand, and what was said since a message the user knows. */
public final class Returns {
  /** Rooms that are told, by name. */
  public static final int MAX_ROOMS = 100;

  /** Events of a topic other than that of the known message that are looked through, the newest. */
  private static final int WINDOW = 500;

  private static final String RECONNECTED =
      "select rooms::text as rooms, coalesce(inbox, 'null')::text as inbox, missed::text as missed, more"
          + " from chat.reconnected($1, $2, $3, $4, $5, $6, $7)";
  private static final String OPEN_INBOX = "select chat.open_inboxes($1)";

  private final Pool pool;

  public Returns(Pool pool) {
    this.pool = pool;
  }

  /** An id that names no message of the user's topics is as good as none: nothing was missed. */
  public Future<ChatReply.Restored> of(ChatCommand.ReconnectWithState command, Person user) {
    Optional<MessageId> last = command.lastMessageId().flatMap(MessageId::parse);
    Tuple arguments = Tuple.of(
            user.id(),
            command.lastMessageId().orElse(""),
            last.map(MessageId::epoch).orElse(""),
            last.map(MessageId::offset).orElse(0L),
            ChatNames.MAX_TAKE,
            MAX_ROOMS)
        .addInteger(WINDOW);
    return pool.preparedQuery(OPEN_INBOX)
        .execute(Tuple.tuple().addArrayOfString(new String[] {user.id()}))
        .compose(opened -> pool.preparedQuery(RECONNECTED).execute(arguments))
        .map(rows -> restored(rows.iterator().next(), user));
  }

  private static ChatReply.Restored restored(Row row, Person user) {
    List<ChatReply.PlaceAt> rooms = new ArrayList<>();
    for (JsonNode place : StoredJson.tree(row.getString("rooms"))) {
      rooms.add(
          new ChatReply.PlaceAt(StoredJson.room(place.path("room")), StoredJson.position(place)));
    }
    List<ChatReply.Missed> missed = new ArrayList<>();
    for (JsonNode message : StoredJson.tree(row.getString("missed"))) {
      missed.add(missed(message));
    }
    Position inbox = StoredJson.position(StoredJson.tree(row.getString("inbox")));
    return new ChatReply.Restored(user, rooms, inbox, missed, row.getBoolean("more"));
  }

  private static ChatReply.Missed missed(JsonNode message) {
    int marks = message.path("marks").asInt();
    return new ChatReply.Missed(
        message.path("id").asText(),
        Optional.ofNullable(message.path("room").textValue()).map(RoomId::new),
        new Person(
            message.path("author").asText(),
            message.path("name").asText(),
            (marks & Actor.GUEST) != 0,
            (marks & Actor.UNVERIFIED) != 0),
        message.path("text").asText(),
        Instant.ofEpochMilli(message.path("at").asLong()));
  }

  /** The asking connection goes on from where the answer ends. */
  public static Effects effects(ChatReply.Restored restored) {
    Map<Topic, StreamPosition> subscribe = new HashMap<>();
    for (ChatReply.PlaceAt place : restored.rooms()) {
      subscribe.put(
          new Topic(ChatNames.ROOM, place.room().room().value()), position(place.position()));
    }
    subscribe.put(new Topic(ChatNames.INBOX, restored.user().id()), position(restored.inbox()));
    return new Effects(subscribe, List.of());
  }

  private static StreamPosition position(Position position) {
    return new StreamPosition(position.epoch(), position.offset());
  }
}
