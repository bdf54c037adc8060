package io.madang.contracts.chat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The one place that knows how the words of chat-service look as JSON. Safe on any thread. */
public final class ChatJson {
  /** Milliseconds always written, so that texts of equal times are equal. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Set<String> OPTIONS = Set.of("title", "visibility", "password");

  private ChatJson() {}

  /** What writes one value, which may fail only as its buffer does. */
  private interface Body {
    void to(JsonGenerator json) throws IOException;
  }

  /**
   * Reads a command whose arguments were checked against the descriptor.
   *
   * @throws IllegalArgumentException with a sentence fit for the client when an argument is none that the descriptor could check
   */
  public static ChatCommand decode(String name, byte[] arguments) {
    JsonNode args = tree(arguments);
    return switch (name) {
      case ChatNames.CREATE_ROOM -> createRoom(args);
      case ChatNames.JOIN_ROOM ->
        new ChatCommand.JoinRoom(room(args), text(args, "password").map(RoomPassword::new));
      case ChatNames.ENTER_ROOM ->
        new ChatCommand.EnterRoom(room(args), text(args, "password").map(RoomPassword::new));
      case ChatNames.LEAVE_ROOM -> new ChatCommand.LeaveRoom(room(args));
      case ChatNames.SEND_TO_ROOM ->
        new ChatCommand.SendToRoom(room(args), args.path("text").asText());
      case ChatNames.SEND_TO_GROUP ->
        new ChatCommand.SendToGroup(room(args), args.path("text").asText());
      case ChatNames.SAFE_SEND -> new ChatCommand.SafeSend(args.path("text").asText());
      case ChatNames.QUEUE_MESSAGE ->
        new ChatCommand.QueueMessage(args.path("text").asText());
      case ChatNames.BROADCAST -> new ChatCommand.Broadcast(args.path("text").asText());
      case ChatNames.SEND_SECURE_MESSAGE ->
        new ChatCommand.SendSecureMessage(args.path("message").asText());
      case ChatNames.ADMIN_BROADCAST ->
        new ChatCommand.AdminBroadcast(args.path("text").asText());
      case ChatNames.SEND_PRIVATE ->
        new ChatCommand.SendPrivate(
            args.path("toUser").asText(), args.path("text").asText());
      case ChatNames.RECONNECT_WITH_STATE ->
        new ChatCommand.ReconnectWithState(text(args, "lastMessageId").filter(id -> !id.isEmpty()));
      case ChatNames.SEND_MESSAGE ->
        new ChatCommand.SendMessage(args.path("text").asText(), text(args, "user"));
      case ChatNames.RECEIVE_MESSAGE ->
        new ChatCommand.SendMessage(args.path("message").asText(), text(args, "user"));
      case ChatNames.SEND_DIRECT ->
        new ChatCommand.SendDirect(
            args.path("toUser").asText(), args.path("text").asText());
      case ChatNames.RECENT_MESSAGES -> new ChatCommand.RecentMessages(room(args), take(args));
      case ChatNames.SET_TYPING ->
        new ChatCommand.SetTyping(room(args), args.path("isTyping").asBoolean());
      case ChatNames.HISTORY -> history(args);
      case ChatNames.LIST_ROOMS -> new ChatCommand.ListRooms(text(args, "after"), take(args));
      case ChatNames.LIST_MEMBERS ->
        new ChatCommand.ListMembers(room(args), text(args, "after"), take(args));
      case ChatNames.MARK_READ ->
        new ChatCommand.MarkRead(room(args), args.path("offset").asLong());
      case ChatNames.EDIT_MESSAGE ->
        new ChatCommand.EditMessage(
            room(args), args.path("messageId").asText(), args.path("text").asText());
      case ChatNames.DELETE_MESSAGE ->
        new ChatCommand.DeleteMessage(room(args), args.path("messageId").asText());
      case ChatNames.REACT ->
        new ChatCommand.React(
            room(args),
            args.path("offset").asLong(),
            args.path("emoji").asText(),
            args.path("on").asBoolean(true));
      case ChatNames.KICK_USER ->
        new ChatCommand.KickUser(room(args), user(args), text(args, "reason"));
      case ChatNames.BAN_USER ->
        new ChatCommand.BanUser(room(args), user(args), duration(args), text(args, "reason"));
      case ChatNames.UNBAN_USER -> new ChatCommand.UnbanUser(room(args), user(args));
      case ChatNames.MUTE_USER -> new ChatCommand.MuteUser(room(args), user(args), duration(args));
      case ChatNames.SET_ROLE -> new ChatCommand.SetRole(room(args), user(args), role(args));
      case ChatNames.INVITE_USER -> new ChatCommand.InviteUser(room(args), user(args));
      default -> throw new IllegalArgumentException("there is no command " + name);
    };
  }

  private static ChatCommand createRoom(JsonNode args) {
    JsonNode options = args.path("options");
    options.fieldNames().forEachRemaining(name -> {
      if (!OPTIONS.contains(name)) {
        throw new IllegalArgumentException("there is no option '" + name + "'");
      }
    });
    Visibility visibility = option(options, "visibility", ChatNames.MAX_TITLE)
        .map(word -> Visibility.of(word)
            .orElseThrow(
                () -> new IllegalArgumentException("the option 'visibility' is public or private")))
        .orElse(Visibility.PUBLIC);
    return new ChatCommand.CreateRoom(
        room(args),
        option(options, "title", ChatNames.MAX_TITLE),
        visibility,
        option(options, "password", ChatNames.MAX_PASSWORD).map(RoomPassword::new));
  }

  /** A text in the options, which descriptors take as they are; null counts as missing. */
  private static Optional<String> option(JsonNode options, String name, int maxCodePoints) {
    JsonNode value = options.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    String text = value.asText();
    if (!value.isTextual() || text.isBlank()) {
      throw new IllegalArgumentException("the option '" + name + "' must be a text");
    }
    if (text.codePointCount(0, text.length()) > maxCodePoints) {
      throw new IllegalArgumentException(
          "the option '" + name + "' has at most " + maxCodePoints + " code points");
    }
    return Optional.of(text);
  }

  private static ChatCommand history(JsonNode args) {
    OptionalLong before = whole(args, "before");
    OptionalLong after = whole(args, "after");
    if (before.isPresent() && after.isPresent()) {
      throw new IllegalArgumentException("a page is before or after an offset, not both");
    }
    return new ChatCommand.History(room(args), before, after, take(args));
  }

  private static RoomId room(JsonNode args) {
    return new RoomId(args.path("room").asText(ChatNames.LOBBY));
  }

  private static String user(JsonNode args) {
    return args.path("user").asText();
  }

  private static RoomRole role(JsonNode args) {
    return RoomRole.of(args.path("role").asText())
        .orElseThrow(() ->
            new IllegalArgumentException("the argument 'role' is owner, moderator or member"));
  }

  private static Optional<Duration> duration(JsonNode args) {
    OptionalLong millis = whole(args, "durationMs");
    return millis.isPresent()
        ? Optional.of(Duration.ofMillis(millis.getAsLong()))
        : Optional.empty();
  }

  private static int take(JsonNode args) {
    return Math.max(
        1, Math.min(ChatNames.MAX_TAKE, args.path("take").asInt(ChatNames.DEFAULT_TAKE)));
  }

  private static OptionalLong whole(JsonNode args, String name) {
    JsonNode value = args.path(name);
    return value.isNumber() ? OptionalLong.of(value.asLong()) : OptionalLong.empty();
  }

  private static Optional<String> text(JsonNode args, String name) {
    JsonNode value = args.path(name);
    return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
  }

  private static JsonNode tree(byte[] json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new IllegalArgumentException("the arguments are not JSON", e);
    }
  }

  /** A result, as the asker gets it. */
  public static byte[] encode(ChatReply reply) {
    return written(reply.dispatch(new Replies()));
  }

  /** The data of a publication. */
  public static byte[] encode(ChatEvent event) {
    return object(event.dispatch(new Events()));
  }

  /** What a subscriber gets first. */
  public static byte[] encode(ChatSnapshot snapshot) {
    return object(snapshot.dispatch(new Snapshots()));
  }

  private static final class Replies implements ChatReply.Handler<Body> {
    @Override
    public Body on(ChatReply.Entered reply) {
      return inObject(json -> {
        writeRoom(json, reply.room());
        writePosition(json, reply.position());
        json.writeBooleanField("created", reply.created());
      });
    }

    @Override
    public Body on(ChatReply.Left reply) {
      return inObject(json -> {
        json.writeStringField("room", reply.room().value());
        writePosition(json, reply.position());
      });
    }

    @Override
    public Body on(ChatReply.Sent reply) {
      return inObject(json -> {
        json.writeStringField("messageId", reply.messageId());
        json.writeStringField("room", reply.room().value());
        json.writeNumberField("offset", reply.offset());
        json.writeStringField("time", TIME.format(reply.time()));
      });
    }

    @Override
    public Body on(ChatReply.SentDirect reply) {
      return inObject(json -> {
        json.writeStringField("messageId", reply.messageId());
        writePerson(json, "toUser", reply.toUser());
        json.writeNumberField("offset", reply.offset());
        json.writeStringField("time", TIME.format(reply.time()));
      });
    }

    @Override
    public Body on(ChatReply.Recent reply) {
      return json -> {
        json.writeStartArray();
        for (Message message : reply.messages()) {
          json.writeStartObject();
          json.writeStringField("id", message.id());
          json.writeStringField("room", reply.room().value());
          json.writeNumberField("offset", message.offset());
          json.writeStringField("fromUser", message.user().name());
          json.writeStringField("content", message.text());
          json.writeStringField("utc", TIME.format(message.time()));
          json.writeEndObject();
        }
        json.writeEndArray();
      };
    }

    @Override
    public Body on(ChatReply.Page reply) {
      return inObject(json -> {
        json.writeStringField("room", reply.room().value());
        writeMessages(json, reply.messages());
        json.writeBooleanField("hasOlder", reply.hasOlder());
        json.writeBooleanField("hasNewer", reply.hasNewer());
      });
    }

    @Override
    public Body on(ChatReply.Rooms reply) {
      return inObject(json -> {
        json.writeArrayFieldStart("rooms");
        for (Room room : reply.rooms()) {
          json.writeStartObject();
          writeRoom(json, room);
          json.writeEndObject();
        }
        json.writeEndArray();
        json.writeBooleanField("more", reply.more());
      });
    }

    @Override
    public Body on(ChatReply.Members reply) {
      return inObject(json -> {
        json.writeStringField("room", reply.room().value());
        json.writeArrayFieldStart("members");
        for (ChatReply.Member member : reply.members()) {
          json.writeStartObject();
          writePersonMembers(json, member.person());
          json.writeStringField("role", member.role().word());
          json.writeStringField("joinedAt", TIME.format(member.joinedAt()));
          json.writeEndObject();
        }
        json.writeEndArray();
        json.writeBooleanField("more", reply.more());
      });
    }

    @Override
    public Body on(ChatReply.Marked reply) {
      return inObject(json -> {
        json.writeStringField("room", reply.room().value());
        json.writeNumberField("offset", reply.offset());
        json.writeNumberField("unread", reply.unread());
      });
    }

    @Override
    public Body on(ChatReply.Changed reply) {
      return inObject(json -> {
        json.writeStringField("room", reply.room().value());
        if (reply.offset().isPresent()) {
          json.writeNumberField("offset", reply.offset().get());
        }
      });
    }

    @Override
    public Body on(ChatReply.Taken reply) {
      return inObject(json -> {});
    }

    @Override
    public Body on(ChatReply.Dropped reply) {
      return inObject(json -> json.writeBooleanField("dropped", true));
    }

    @Override
    public Body on(ChatReply.Restored reply) {
      return inObject(json -> {
        json.writeObjectFieldStart("state");
        writePerson(json, "user", reply.user());
        json.writeArrayFieldStart("rooms");
        for (ChatReply.PlaceAt place : reply.rooms()) {
          json.writeStartObject();
          writeRoom(json, place.room());
          writePosition(json, place.position());
          json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("inbox");
        writePosition(json, reply.inbox());
        json.writeEndObject();
        json.writeEndObject();
        json.writeArrayFieldStart("missed");
        for (ChatReply.Missed missed : reply.missed()) {
          json.writeStartObject();
          json.writeStringField("id", missed.id());
          writeText(json, "room", missed.room().map(RoomId::value));
          json.writeStringField("userId", missed.user().id());
          json.writeStringField("fromUser", missed.user().name());
          json.writeStringField("content", missed.text());
          json.writeStringField("utc", TIME.format(missed.time()));
          json.writeEndObject();
        }
        json.writeEndArray();
        json.writeBooleanField("more", reply.more());
      });
    }
  }

  private static final class Events implements ChatEvent.Handler<Body> {
    @Override
    public Body on(ChatEvent.Said event) {
      return json -> {
        json.writeStringField("id", event.id());
        writePerson(json, "user", event.user());
        json.writeStringField("text", event.text());
        writeMentions(json, event.mentions());
        writeTime(json, "edited", event.edited());
        writeIfTrue(json, "deleted", event.deleted());
        writeIfTrue(json, "group", event.group());
      };
    }

    @Override
    public Body on(ChatEvent.Edited event) {
      return json -> {
        json.writeStringField("id", event.id());
        json.writeNumberField("offset", event.offset());
        writePerson(json, "user", event.user());
        json.writeStringField("text", event.text());
        writeMentions(json, event.mentions());
      };
    }

    @Override
    public Body on(ChatEvent.Deleted event) {
      return json -> {
        json.writeStringField("id", event.id());
        json.writeNumberField("offset", event.offset());
        writePerson(json, "user", event.user());
      };
    }

    @Override
    public Body on(ChatEvent.Reacted event) {
      return json -> {
        json.writeStringField("id", event.id());
        json.writeNumberField("offset", event.offset());
        writePerson(json, "user", event.user());
        json.writeStringField("emoji", event.emoji());
        json.writeBooleanField("on", event.on());
      };
    }

    @Override
    public Body on(ChatEvent.Joined event) {
      return json -> writePerson(json, "user", event.user());
    }

    @Override
    public Body on(ChatEvent.Left event) {
      return json -> writePerson(json, "user", event.user());
    }

    @Override
    public Body on(ChatEvent.Kicked event) {
      return json -> {
        writePerson(json, "user", event.user());
        writePerson(json, "by", event.by());
        writeText(json, "reason", event.reason());
        writeIfTrue(json, "member", event.member());
      };
    }

    @Override
    public Body on(ChatEvent.Banned event) {
      return json -> {
        writePerson(json, "user", event.user());
        writePerson(json, "by", event.by());
        writeTime(json, "until", event.until());
        writeText(json, "reason", event.reason());
        writeIfTrue(json, "member", event.member());
      };
    }

    @Override
    public Body on(ChatEvent.Unbanned event) {
      return json -> {
        writePerson(json, "user", event.user());
        writePerson(json, "by", event.by());
      };
    }

    @Override
    public Body on(ChatEvent.Muted event) {
      return json -> {
        writePerson(json, "user", event.user());
        writePerson(json, "by", event.by());
        json.writeBooleanField("on", event.on());
        writeTime(json, "until", event.until());
      };
    }

    @Override
    public Body on(ChatEvent.RoleGiven event) {
      return json -> {
        writePerson(json, "user", event.user());
        json.writeStringField("role", event.role().word());
        writePerson(json, "by", event.by());
      };
    }

    @Override
    public Body on(ChatEvent.Typing event) {
      return json -> {
        writePerson(json, "user", event.user());
        json.writeBooleanField("isTyping", event.isTyping());
      };
    }

    @Override
    public Body on(ChatEvent.Direct event) {
      return json -> {
        json.writeStringField("id", event.id());
        writePerson(json, "user", event.user());
        writePerson(json, "to", event.to());
        json.writeStringField("text", event.text());
        writeText(json, "heard", event.heard().map(ChatEvent.Heard::word));
      };
    }

    @Override
    public Body on(ChatEvent.RoomChanged event) {
      return json -> {
        writeRoom(json, event.room());
        json.writeStringField("change", event.change());
        if (event.read().isPresent()) {
          json.writeNumberField("read", event.read().get());
        }
      };
    }

    @Override
    public Body on(ChatEvent.Unread event) {
      return json -> {
        json.writeStringField("room", event.room().value());
        json.writeNumberField("unread", event.unread());
        writeIfTrue(json, "mention", event.mention());
        json.writeNumberField("read", event.read());
      };
    }

    @Override
    public Body on(ChatEvent.Announced event) {
      return words(event.user(), event.text());
    }

    @Override
    public Body on(ChatEvent.Broadcast event) {
      return words(event.user(), event.text());
    }

    @Override
    public Body on(ChatEvent.Secure event) {
      return words(event.user(), event.text());
    }

    private static Body words(Person user, String text) {
      return json -> {
        writePerson(json, "user", user);
        json.writeStringField("text", text);
      };
    }

    @Override
    public Body on(ChatEvent.Gathered event) {
      return json -> {
        json.writeArrayFieldStart("messages");
        for (ChatEvent.Gathered.Item item : event.messages()) {
          json.writeStartObject();
          json.writeStringField("id", item.id());
          writePerson(json, "user", item.user());
          json.writeStringField("text", item.text());
          json.writeStringField("time", TIME.format(item.time()));
          json.writeEndObject();
        }
        json.writeEndArray();
      };
    }

    @Override
    public Body on(ChatEvent.ToldToLeave event) {
      return json -> {
        json.writeStringField("room", event.room().value());
        writePerson(json, "by", event.by());
        writeText(json, "reason", event.reason());
      };
    }
  }

  private static final class Snapshots implements ChatSnapshot.Handler<Body> {
    @Override
    public Body on(ChatSnapshot.OfRoom snapshot) {
      return json -> {
        json.writeObjectFieldStart("room");
        json.writeStringField("id", snapshot.room().room().value());
        writeRoom(json, snapshot.room());
        json.writeEndObject();
        writeMessages(json, snapshot.messages());
        json.writeBooleanField("hasOlder", snapshot.hasOlder());
      };
    }

    @Override
    public Body on(ChatSnapshot.OfInbox snapshot) {
      return json -> {
        json.writeArrayFieldStart("rooms");
        for (ChatSnapshot.Place place : snapshot.rooms()) {
          json.writeStartObject();
          writeRoom(json, place.room());
          json.writeNumberField("unread", place.unread());
          writeIfTrue(json, "mention", place.mention());
          if (place.read().isPresent()) {
            json.writeNumberField("read", place.read().get());
          }
          json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("directs");
        for (DirectMessage direct : snapshot.directs()) {
          json.writeStartObject();
          json.writeStringField("id", direct.id());
          json.writeNumberField("offset", direct.offset());
          json.writeStringField("time", TIME.format(direct.time()));
          writePerson(json, "user", direct.user());
          writePerson(json, "to", direct.to());
          json.writeStringField("text", direct.text());
          json.writeEndObject();
        }
        json.writeEndArray();
      };
    }
  }

  private static void writeRoom(JsonGenerator json, Room room) throws IOException {
    json.writeStringField("room", room.room().value());
    json.writeStringField("title", room.title());
    json.writeStringField("visibility", room.visibility().word());
    json.writeBooleanField("hasPassword", room.hasPassword());
    writeIfTrue(json, "temporary", room.temporary());
    json.writeNumberField("members", room.members());
    json.writeBooleanField("member", room.role().isPresent());
    writeText(json, "role", room.role().map(RoomRole::word));
  }

  private static void writeMessages(JsonGenerator json, List<Message> messages) throws IOException {
    json.writeArrayFieldStart("messages");
    for (Message message : messages) {
      json.writeStartObject();
      json.writeStringField("id", message.id());
      json.writeNumberField("offset", message.offset());
      json.writeStringField("time", TIME.format(message.time()));
      writePerson(json, "user", message.user());
      json.writeStringField("text", message.text());
      writeMentions(json, message.mentions());
      writeTime(json, "edited", message.edited());
      writeIfTrue(json, "deleted", message.deleted());
      writeText(json, "command", message.command());
      writeReactions(json, message.reactions());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeReactions(JsonGenerator json, List<Message.Reaction> reactions)
      throws IOException {
    if (reactions.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("reactions");
    for (Message.Reaction reaction : reactions) {
      json.writeStartObject();
      json.writeStringField("emoji", reaction.emoji());
      json.writeNumberField("count", reaction.count());
      writeIfTrue(json, "mine", reaction.mine());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writePerson(JsonGenerator json, String name, Person person)
      throws IOException {
    json.writeObjectFieldStart(name);
    writePersonMembers(json, person);
    json.writeEndObject();
  }

  private static void writePersonMembers(JsonGenerator json, Person person) throws IOException {
    json.writeStringField("id", person.id());
    json.writeStringField("name", person.name());
    writeIfTrue(json, "guest", person.guest());
    writeIfTrue(json, "unverified", person.unverified());
  }

  private static void writePosition(JsonGenerator json, Position position) throws IOException {
    json.writeObjectFieldStart("position");
    json.writeStringField("epoch", position.epoch());
    json.writeNumberField("offset", position.offset());
    json.writeEndObject();
  }

  private static void writeMentions(JsonGenerator json, List<String> mentions) throws IOException {
    if (mentions.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("mentions");
    for (String user : mentions) {
      json.writeString(user);
    }
    json.writeEndArray();
  }

  private static void writeTime(JsonGenerator json, String name, Optional<Instant> time)
      throws IOException {
    writeText(json, name, time.map(TIME::format));
  }

  private static void writeText(JsonGenerator json, String name, Optional<String> text)
      throws IOException {
    if (text.isPresent()) {
      json.writeStringField(name, text.get());
    }
  }

  private static void writeIfTrue(JsonGenerator json, String name, boolean flag)
      throws IOException {
    if (flag) {
      json.writeBooleanField(name, true);
    }
  }

  private static Body inObject(Body members) {
    return json -> {
      json.writeStartObject();
      members.to(json);
      json.writeEndObject();
    };
  }

  private static byte[] object(Body members) {
    return written(inObject(members));
  }

  private static byte[] written(Body value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
      value.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
