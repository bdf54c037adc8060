package io.madang.contracts.presence;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** The one place that knows how the words of presence-service look as JSON. Safe on any thread. */
public final class PresenceJson {
  /** Milliseconds always written, so that texts of equal times are equal. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PresenceJson() {}

  /** What writes one value, which may fail only as its buffer does. */
  private interface Body {
    void to(JsonGenerator json) throws IOException;
  }

  /**
   * Reads a command whose arguments were checked against the descriptor.
   *
   * @throws IllegalArgumentException with a sentence fit for the client when there is no such command or status
   */
  public static PresenceCommand decode(String name, byte[] arguments) {
    JsonNode args = tree(arguments);
    return switch (name) {
      case PresenceNames.ONLINE_USERS -> new PresenceCommand.OnlineUsers();
      case PresenceNames.ONLINE_LIST -> new PresenceCommand.OnlineList();
      case PresenceNames.WHO_AM_I -> new PresenceCommand.WhoAmI();
      case PresenceNames.USER_CONNECTIONS ->
        new PresenceCommand.UserConnections(text(args, "userId"));
      case PresenceNames.SET_STATUS ->
        new PresenceCommand.SetStatus(
            Status.of(args.path("status").asText()), args.path("text").asText());
      default -> throw new IllegalArgumentException("there is no command " + name);
    };
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
  public static byte[] encode(PresenceReply reply) {
    return value(reply.dispatch(new Replies()));
  }

  /** The data of a publication: {@code {"user":{…}}}, with the {@code connection} before it where the event is of one. */
  public static byte[] encode(PresenceEvent event) {
    Body members = event.dispatch(new Events());
    return value(json -> {
      json.writeStartObject();
      members.to(json);
      json.writeEndObject();
    });
  }

  /** The state that a subscriber starts from: {@code {"users":[…],"count":n}}. */
  public static byte[] encode(PresenceSnapshot snapshot) {
    if (snapshot instanceof PresenceSnapshot.Room room) {
      return list(room.users(), PresenceJson::writePresent, room.count());
    }
    PresenceSnapshot.Online online = (PresenceSnapshot.Online) snapshot;
    return list(online.users(), PresenceJson::writePerson, online.count());
  }

  /** What writes the members of one thing. */
  private interface Members<T> {
    void to(JsonGenerator json, T thing) throws IOException;
  }

  private static <T> byte[] list(List<T> users, Members<T> members, int count) {
    return value(json -> {
      json.writeStartObject();
      json.writeArrayFieldStart("users");
      for (T user : users) {
        json.writeStartObject();
        members.to(json, user);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeNumberField("count", count);
      json.writeEndObject();
    });
  }

  private static final class Replies implements PresenceReply.Handler<Body> {
    @Override
    public Body on(PresenceReply.OnlineUsers reply) {
      return json -> {
        json.writeStartArray();
        for (String name : reply.names()) {
          json.writeString(name);
        }
        json.writeEndArray();
      };
    }

    @Override
    public Body on(PresenceReply.Connections reply) {
      return json -> {
        json.writeStartArray();
        for (PresenceReply.Connection connection : reply.connections()) {
          json.writeStartObject();
          json.writeStringField("connection", connection.connection());
          json.writeStringField("node", connection.node());
          json.writeStringField("since", TIME.format(connection.since()));
          json.writeEndObject();
        }
        json.writeEndArray();
      };
    }

    @Override
    public Body on(PresenceReply.StatusSet reply) {
      return json -> {
        json.writeStartObject();
        json.writeStringField("status", reply.status().word());
        json.writeStringField("text", reply.text());
        json.writeEndObject();
      };
    }

    @Override
    public Body on(PresenceReply.OnlineList reply) {
      return json -> {
        json.writeStartArray();
        for (Person person : reply.people()) {
          json.writeStartObject();
          writePerson(json, person);
          json.writeEndObject();
        }
        json.writeEndArray();
      };
    }

    @Override
    public Body on(PresenceReply.You reply) {
      return json -> {
        json.writeStartObject();
        if (reply.connection().isPresent()) {
          json.writeStringField("connection", reply.connection().get());
        }
        user(own -> writePerson(own, reply.user())).to(json);
        json.writeEndObject();
      };
    }
  }

  private static Body user(Body members) {
    return json -> {
      json.writeObjectFieldStart("user");
      members.to(json);
      json.writeEndObject();
    };
  }

  private static Body ofConnection(String connection, Person user) {
    return json -> {
      json.writeStringField("connection", connection);
      user(own -> writePerson(own, user)).to(json);
    };
  }

  /** The members of the data. */
  private static final class Events implements PresenceEvent.Handler<Body> {
    @Override
    public Body on(PresenceEvent.Arrived event) {
      return user(json -> writePresent(json, event.user()));
    }

    @Override
    public Body on(PresenceEvent.StatusChanged event) {
      return user(json -> writePresent(json, event.user()));
    }

    @Override
    public Body on(PresenceEvent.Departed event) {
      return user(json -> writePerson(json, event.user()));
    }

    @Override
    public Body on(PresenceEvent.Online event) {
      return user(json -> writePerson(json, event.user()));
    }

    @Override
    public Body on(PresenceEvent.Offline event) {
      return user(json -> writePerson(json, event.user()));
    }

    @Override
    public Body on(PresenceEvent.Connected event) {
      return ofConnection(event.connection(), event.user());
    }

    @Override
    public Body on(PresenceEvent.Disconnected event) {
      return ofConnection(event.connection(), event.user());
    }
  }

  private static void writePresent(JsonGenerator json, Present present) throws IOException {
    writePerson(json, present.person());
    json.writeStringField("status", present.status().word());
    if (!present.text().isEmpty()) {
      json.writeStringField("text", present.text());
    }
  }

  private static void writePerson(JsonGenerator json, Person person) throws IOException {
    json.writeStringField("id", person.id());
    json.writeStringField("name", person.name());
    json.writeBooleanField("guest", person.guest());
  }

  private static byte[] value(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
      body.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
