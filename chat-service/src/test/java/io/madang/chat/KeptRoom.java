package io.madang.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A room as a client keeps it by the rules of PROTOCOL.md: a snapshot, and what publications made of it since. */
final class KeptRoom {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final int NEWEST = 50;

  private final String me;
  private final ObjectNode room;
  private final TreeMap<Long, ObjectNode> messages = new TreeMap<>();
  private final boolean hasOlder;

  KeptRoom(String me, Payload snapshot) {
    this.me = me;
    JsonNode tree = ChatNode.json(snapshot);
    this.room = (ObjectNode) tree.get("room");
    this.hasOlder = tree.get("hasOlder").asBoolean();
    tree.get("messages").forEach(message -> {
      ObjectNode kept = (ObjectNode) message;
      kept.set("reactions", byEmoji(message.path("reactions")));
      messages.put(message.get("offset").asLong(), kept);
    });
  }

  /** The order of the reactions to a message says nothing. */
  private static ObjectNode byEmoji(JsonNode reactions) {
    ObjectNode kept = JSON.objectNode();
    reactions.forEach(one -> kept.set(one.get("emoji").asText(), one));
    return kept;
  }

  KeptRoom with(List<Publication> publications) {
    publications.forEach(this::take);
    return this;
  }

  private void take(Publication publication) {
    JsonNode data = ChatNode.json(publication.data());
    switch (publication.event()) {
      case "message" -> onMessage(publication, (ObjectNode) data);
      case "edited" -> onEdited(publication, data);
      case "deleted" -> onDeleted(data);
      case "reaction" -> onReaction(data);
      case "joined" -> onJoined(data);
      case "left" -> onGone(data);
      case "kicked", "banned" -> {
        if (data.path("member").asBoolean()) {
          onGone(data);
        }
      }
      case "role" -> {
        if (isMe(data)) {
          room.set("role", data.get("role"));
        }
      }
      case "unbanned", "muted" -> {}
      default -> throw new AssertionError("an event nobody knows: " + publication);
    }
  }

  private void onMessage(Publication publication, ObjectNode message) {
    message.put("offset", publication.offset());
    message.put("time", time(publication));
    publication.command().ifPresent(command -> message.put("command", command));
    message.set("reactions", JSON.objectNode());
    messages.put(publication.offset(), message);
  }

  private void onEdited(Publication publication, JsonNode data) {
    ObjectNode message = messages.get(data.get("offset").asLong());
    if (message != null) {
      message.set("text", data.get("text"));
      message.put("edited", time(publication));
      message.remove("mentions");
      if (data.has("mentions")) {
        message.set("mentions", data.get("mentions"));
      }
    }
  }

  private void onDeleted(JsonNode data) {
    ObjectNode message = messages.get(data.get("offset").asLong());
    if (message != null) {
      message.put("text", "").put("deleted", true).remove(List.of("edited", "mentions"));
      message.set("reactions", JSON.objectNode());
    }
  }

  private void onReaction(JsonNode data) {
    ObjectNode message = messages.get(data.get("offset").asLong());
    if (message == null) {
      return;
    }
    ObjectNode reactions = (ObjectNode) message.get("reactions");
    String emoji = data.get("emoji").asText();
    boolean on = data.get("on").asBoolean();
    JsonNode before = reactions.path(emoji);
    long count = before.path("count").asLong() + (on ? 1 : -1);
    if (count == 0) {
      reactions.remove(emoji);
      return;
    }
    ObjectNode now = reactions.putObject(emoji).put("emoji", emoji).put("count", count);
    if (isMe(data) ? on : before.path("mine").asBoolean()) {
      now.put("mine", true);
    }
  }

  private void onJoined(JsonNode data) {
    room.put("members", room.get("members").asLong() + 1);
    if (isMe(data)) {
      room.put("member", true).put("role", "member");
    }
  }

  private void onGone(JsonNode data) {
    room.put("members", room.get("members").asLong() - 1);
    if (isMe(data)) {
      room.put("member", false).remove("role");
    }
  }

  private boolean isMe(JsonNode data) {
    return data.get("user").get("id").asText().equals(me);
  }

  static String time(Publication publication) {
    return TIME.format(Instant.ofEpochMilli(publication.timeMillis()));
  }

  /** What a snapshot would say of it, as one text for each thing, since what differs shall be seen. */
  List<String> shown() {
    List<String> shown = new ArrayList<>();
    shown.add(sorted(room));
    List<ObjectNode> all = List.copyOf(messages.values());
    int from = Math.max(0, all.size() - NEWEST);
    shown.add("hasOlder " + (hasOlder || from > 0));
    all.subList(from, all.size()).forEach(message -> shown.add(sorted(message)));
    return shown;
  }

  /** With the members in the order of their names. */
  static String sorted(JsonNode object) {
    TreeMap<String, String> members = new TreeMap<>();
    object
        .fields()
        .forEachRemaining(member -> members.put(
            member.getKey(),
            member.getValue().isObject()
                ? sorted(member.getValue())
                : member.getValue().toString()));
    return members.toString();
  }
}
