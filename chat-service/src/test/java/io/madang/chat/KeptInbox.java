package io.madang.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** An inbox as a client keeps it by the rules of PROTOCOL.md: a snapshot, and what publications made of it since. */
final class KeptInbox {
  private static final int NEWEST = 50;
  private static final Set<String> COUNTS = Set.of("unread", "mention", "read");

  private final Map<String, ObjectNode> rooms = new TreeMap<>();
  private final TreeMap<Long, ObjectNode> directs = new TreeMap<>();

  KeptInbox(Payload snapshot) {
    JsonNode tree = ChatNode.json(snapshot);
    tree.get("rooms").forEach(room -> put((ObjectNode) room));
    tree.get("directs")
        .forEach(direct -> directs.put(direct.get("offset").asLong(), (ObjectNode) direct));
  }

  private void put(ObjectNode room) {
    // How many members there are, only the room tells.
    room.remove("members");
    rooms.put(room.get("room").asText(), room);
  }

  KeptInbox with(List<Publication> publications) {
    publications.forEach(this::take);
    return this;
  }

  private void take(Publication publication) {
    ObjectNode data = (ObjectNode) ChatNode.json(publication.data());
    switch (publication.event()) {
      case "direct" -> {
        // By which word its reader hears it; a snapshot is of what is kept.
        data.remove("heard");
        data.put("offset", publication.offset());
        data.put("time", KeptRoom.time(publication));
        directs.put(publication.offset(), data);
      }
      case "room" -> onRoom(data);
      case "unread" -> onUnread(data);
      default -> throw new AssertionError("an event nobody knows: " + publication);
    }
  }

  private void onRoom(ObjectNode room) {
    String change = room.remove("change").asText();
    String id = room.get("room").asText();
    switch (change) {
      case "joined" -> put(room.put("unread", 0));
      case "left", "kicked", "banned" -> {
        rooms.remove(id);
        if (id.equals("lobby")) {
          put(room.put("unread", 0));
        }
      }
      case "role" -> {
        JsonNode before = rooms.get(id);
        COUNTS.stream().filter(before::has).forEach(count -> room.set(count, before.get(count)));
        put(room);
      }
      case "invited" -> {}
      default -> throw new AssertionError("a change nobody knows: " + room);
    }
  }

  private void onUnread(ObjectNode counts) {
    ObjectNode room = rooms.get(counts.get("room").asText());
    room.remove(COUNTS);
    room.setAll(counts);
  }

  /** What a snapshot would say of it, as one text for each thing, since what differs shall be seen. */
  List<String> shown() {
    List<String> shown = new ArrayList<>();
    rooms.values().forEach(room -> shown.add(KeptRoom.sorted(room)));
    List<ObjectNode> all = List.copyOf(directs.values());
    all.subList(Math.max(0, all.size() - NEWEST), all.size())
        .forEach(direct -> shown.add(KeptRoom.sorted(direct)));
    return shown;
  }
}
