package io.madang.contracts.notification;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The one place that knows how the words of notification-service look as JSON. Safe on any thread. */
public final class NotificationJson {
  /** Milliseconds always written, so that texts of equal times are equal. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** Fractions are kept exactly: {@code data} passes through. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private NotificationJson() {}

  /** What writes one value, which may fail only as its buffer does. */
  private interface Body {
    void to(JsonGenerator json) throws IOException;
  }

  /**
   * Reads a command whose arguments were checked against the descriptor.
   *
   * @throws IllegalArgumentException when there is no such command
   */
  public static NotificationCommand decode(String name, byte[] arguments) {
    JsonNode args = tree(arguments);
    return switch (name) {
      case NotificationNames.SEND -> send(args);
      case NotificationNames.SEND_BULK -> sendBulk(args);
      case NotificationNames.UNREAD -> new NotificationCommand.Unread(take(args));
      case NotificationNames.MARK_AS_READ ->
          new NotificationCommand.MarkAsRead(args.path("notificationId").asText());
      case NotificationNames.MARK_ALL_AS_READ ->
          new NotificationCommand.MarkAllAsRead(whole(args, "upTo"), text(args, "upToId"));
      case NotificationNames.LIST -> new NotificationCommand.Page(whole(args, "before"), take(args));
      case NotificationNames.PREFERENCES -> new NotificationCommand.Preferences();
      case NotificationNames.SET_PREFERENCE ->
          new NotificationCommand.SetPreference(
              args.path("type").asText(), args.path("enabled").asBoolean());
      default -> throw new IllegalArgumentException("there is no command " + name);
    };
  }

  private static NotificationCommand.Send send(JsonNode args) {
    JsonNode data = args.path("data");
    return new NotificationCommand.Send(
        args.path("userId").asText(),
        args.path("title").asText(),
        args.path("message").asText(),
        args.path("type").asText(),
        data.isObject() ? Optional.of(data.toString()) : Optional.empty());
  }

  private static NotificationCommand.SendBulk sendBulk(JsonNode args) {
    List<String> users = new ArrayList<>();
    args.path("userIds").forEach(user -> users.add(user.asText()));
    return new NotificationCommand.SendBulk(
        users, args.path("title").asText(), args.path("message").asText(), args.path("type").asText());
  }

  private static int take(JsonNode args) {
    return args.path("take").asInt(NotificationNames.DEFAULT_TAKE);
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

  /** The arguments of {@link NotificationNames#SEND}, for the services that give it. */
  public static byte[] encode(NotificationCommand.Send command) {
    return object(
        json -> {
          json.writeStringField("userId", command.userId());
          json.writeStringField("title", command.title());
          json.writeStringField("message", command.message());
          json.writeStringField("type", command.type());
          writeData(json, command.data());
        });
  }

  /** A result, as the asker gets it. */
  public static byte[] encode(NotificationReply reply) {
    return object(reply.dispatch(new Replies()));
  }

  /** The data of a publication. */
  public static byte[] encode(NotificationEvent event) {
    return object(event.dispatch(new Events()));
  }

  private static final class Replies implements NotificationReply.Handler<Body> {
    @Override
    public Body on(NotificationReply.Sent reply) {
      return json -> {
        json.writeBooleanField("muted", reply.notification().isEmpty());
        if (reply.notification().isPresent()) {
          json.writeFieldName("notification");
          writeNotification(json, reply.notification().get());
        }
      };
    }

    @Override
    public Body on(NotificationReply.SentBulk reply) {
      return json -> {
        json.writeNumberField("sent", reply.sent());
        json.writeNumberField("muted", reply.muted());
      };
    }

    @Override
    public Body on(NotificationReply.Listed reply) {
      return json -> {
        json.writeNumberField("unread", reply.unread());
        json.writeArrayFieldStart("notifications");
        for (Notification notification : reply.notifications()) {
          writeNotification(json, notification);
        }
        json.writeEndArray();
        json.writeBooleanField("more", reply.more());
      };
    }

    @Override
    public Body on(NotificationReply.Marked reply) {
      return json -> {
        json.writeStringField("notificationId", reply.notificationId());
        json.writeNumberField("unread", reply.unread());
      };
    }

    @Override
    public Body on(NotificationReply.MarkedUpTo reply) {
      return json -> {
        json.writeNumberField("upTo", reply.upTo());
        json.writeNumberField("unread", reply.unread());
      };
    }

    @Override
    public Body on(NotificationReply.PreferenceList reply) {
      return json -> {
        json.writeArrayFieldStart("preferences");
        for (Map.Entry<String, Boolean> preference : reply.preferences().entrySet()) {
          json.writeStartObject();
          writePreference(json, preference.getKey(), preference.getValue());
          json.writeEndObject();
        }
        json.writeEndArray();
      };
    }

    @Override
    public Body on(NotificationReply.PreferenceSet reply) {
      return json -> writePreference(json, reply.type(), reply.enabled());
    }
  }

  private static final class Events implements NotificationEvent.Handler<Body> {
    @Override
    public Body on(NotificationEvent.Notified event) {
      return json -> {
        writeMembers(json, event.notification());
        json.writeNumberField("unread", event.unread());
      };
    }

    @Override
    public Body on(NotificationEvent.Read event) {
      return json -> {
        json.writeArrayFieldStart("ids");
        for (String id : event.ids()) {
          json.writeString(id);
        }
        json.writeEndArray();
        json.writeNumberField("unread", event.unread());
      };
    }

    @Override
    public Body on(NotificationEvent.ReadUpTo event) {
      return json -> {
        json.writeNumberField("upTo", event.upTo());
        json.writeNumberField("unread", event.unread());
      };
    }
  }

  private static void writeNotification(JsonGenerator json, Notification notification) throws IOException {
    json.writeStartObject();
    writeMembers(json, notification);
    json.writeEndObject();
  }

  private static void writeMembers(JsonGenerator json, Notification notification) throws IOException {
    json.writeStringField("id", notification.id());
    json.writeStringField("userId", notification.userId());
    json.writeStringField("title", notification.title());
    json.writeStringField("message", notification.message());
    json.writeStringField("type", notification.type());
    json.writeStringField("createdAt", text(notification.createdAt()));
    json.writeBooleanField("isRead", notification.isRead());
    json.writeNumberField("offset", notification.offset());
    writeData(json, notification.data());
  }

  private static void writeData(JsonGenerator json, Optional<String> data) throws IOException {
    if (data.isPresent()) {
      json.writeFieldName("data");
      json.writeRawValue(data.get());
    }
  }

  private static void writePreference(JsonGenerator json, String type, boolean enabled) throws IOException {
    json.writeStringField("type", type);
    json.writeBooleanField("enabled", enabled);
  }

  private static String text(Instant time) {
    return TIME.format(time);
  }

  private static byte[] object(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
      json.writeStartObject();
      body.to(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
