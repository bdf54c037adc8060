package io.madang.chat.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.madang.contracts.chat.ChatSnapshot;
import io.madang.contracts.chat.DirectMessage;
import io.madang.contracts.chat.Message;
import io.madang.contracts.chat.Person;
import io.madang.contracts.chat.Position;
import io.madang.contracts.chat.Room;
import io.madang.contracts.chat.RoomId;
import io.madang.contracts.chat.RoomRole;
import io.madang.contracts.chat.Visibility;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what the store's functions answer as JSON. Only they write it, so what does not fit is a bug. */
public final class StoredJson {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private StoredJson() {}

  /** One row of a log. */
  public static LogEntry entry(String json) {
    try {
      return MAPPER.readValue(json, LogEntry.class);
    } catch (JsonProcessingException e) {
      throw unreadable(e);
    }
  }

  /** Rows of logs, in the order told. */
  public static List<LogEntry> entries(String json) {
    try {
      return List.of(MAPPER.readValue(json, LogEntry[].class));
    } catch (JsonProcessingException e) {
      throw unreadable(e);
    }
  }

  /** What a reply is made of. */
  public static JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw unreadable(e);
    }
  }

  /** Messages of a page. */
  public static List<Message> messages(JsonNode list) {
    List<Message> messages = new ArrayList<>(list.size());
    list.forEach(node -> messages.add(entryOf(node).toMessage()));
    return messages;
  }

  /** A room as {@code chat.room_view} tells it. */
  public static Room room(JsonNode view) {
    return new Room(
        new RoomId(view.path("room").asText()),
        view.path("title").asText(),
        Visibility.of(view.path("visibility").asText()).orElse(Visibility.PRIVATE),
        view.path("guarded").asBoolean(),
        view.path("temporary").asBoolean(),
        view.path("members").asLong(),
        Optional.ofNullable(view.path("role").textValue()).flatMap(RoomRole::of));
  }

  /** A position as {@code chat.position} tells it. */
  public static Position position(JsonNode facts) {
    JsonNode position = facts.path("position");
    return new Position(position.path("epoch").asText(), position.path("offset").asLong());
  }

  /** Whom a direct message is for. */
  public static Person recipient(JsonNode facts) {
    String id = facts.path("to").asText();
    return new Person(
        id, facts.path("toName").asText(id), facts.path("toGuest").asBoolean(), false);
  }

  public static ChatSnapshot.OfRoom roomSnapshot(String json) {
    JsonNode tree = tree(json);
    return new ChatSnapshot.OfRoom(
        room(tree.path("room")),
        messages(tree.path("messages")),
        tree.path("hasOlder").asBoolean());
  }

  public static ChatSnapshot.OfInbox inboxSnapshot(String json) {
    JsonNode tree = tree(json);
    List<ChatSnapshot.Place> places = new ArrayList<>();
    tree.path("rooms").forEach(place -> places.add(place(place)));
    List<DirectMessage> directs = new ArrayList<>();
    tree.path("directs").forEach(direct -> directs.add(entryOf(direct).toDirect()));
    return new ChatSnapshot.OfInbox(places, directs);
  }

  private static ChatSnapshot.Place place(JsonNode place) {
    JsonNode read = place.path("read");
    return new ChatSnapshot.Place(
        room(place),
        place.path("unread").asLong(),
        place.path("mention").asBoolean(),
        read.isNumber() ? Optional.of(read.asLong()) : Optional.empty());
  }

  private static LogEntry entryOf(JsonNode node) {
    try {
      return MAPPER.treeToValue(node, LogEntry.class);
    } catch (JsonProcessingException e) {
      throw unreadable(e);
    }
  }

  private static IllegalStateException unreadable(JsonProcessingException e) {
    return new IllegalStateException("the store told something that cannot be read", e);
  }
}
