package io.madang.chat.upload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.contracts.chat.ChatNames;
import io.madang.contracts.chat.RoomId;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.service.StreamSink;
import io.madang.runtime.service.UploadCall;
import io.madang.runtime.service.UploadReceiver;
import io.madang.runtime.service.UploadSource;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Takes files into rooms and gives them out again, as {@link io.madang.runtime.descriptor.Files} says. Whoever may speak in a room may put one there, only who
 * began an upload goes on with it, and whoever may hear the room at that moment may read it.
 *
 * <p>Touched on the service's event loop only.
 */
public final class Uploads {
  /** 160 random bits. */
  private static final int ID_BYTES = 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final UploadStore store;
  private final Publisher publisher;
  private final UploadLimits limits;
  private final SecureRandom random = new SecureRandom();

  public Uploads(Pool pool, Publisher publisher, UploadLimits limits) {
    this.store = new UploadStore(pool);
    this.publisher = publisher;
    this.limits = limits;
  }

  /** Whether a command is one of files. */
  public boolean takes(String command) {
    return command.equals(ChatNames.CREATE_UPLOAD)
        || command.equals(ChatNames.UPLOAD_STATE)
        || command.equals(ChatNames.DROP_UPLOAD);
  }

  /** Does a command that {@link #takes} says is one of these. */
  public Future<CommandOutcome> command(CommandCall call) {
    JsonNode args = read(call.arguments());
    String user = call.caller().user();
    return switch (call.name()) {
      case ChatNames.CREATE_UPLOAD -> create(user, args);
      case ChatNames.UPLOAD_STATE ->
        store
            .own(args.path("upload").asText(), user)
            .map(found -> found
                .map(state -> CommandOutcome.done(shown(state)))
                .orElseGet(() -> CommandOutcome.refused(UploadRefusals.unknown())));
      default ->
        store
            .drop(args.path("upload").asText(), user)
            .map(dropped -> dropped
                ? CommandOutcome.done(Payload.EMPTY_OBJECT)
                : CommandOutcome.refused(UploadRefusals.unknown()));
    };
  }

  private Future<CommandOutcome> create(String user, JsonNode args) {
    Optional<RoomId> room = room(args.path("room").asText());
    if (room.isEmpty()) {
      return refused(Refusal.badRequest("'room' is no name of a room"));
    }
    String type = args.path("type").asText();
    if (!limits.allowsType(type)) {
      return refused(UploadRefusals.badType());
    }
    Long length = args.hasNonNull("length") ? Long.valueOf(args.path("length").asLong()) : null;
    if (length != null && length > limits.maxBytes()) {
      return refused(UploadRefusals.tooLarge(limits));
    }
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    String name = args.path("name").asText();
    return store
        .create(id, room.get().value(), user, name, type, length, limits.open())
        .map(status -> status.equals("done")
            ? CommandOutcome.done(shown(new UploadStore.State(
                id, name, type, Optional.ofNullable(length), 0, Optional.empty())))
            : CommandOutcome.refused(UploadRefusals.of(status, 0, limits)));
  }

  private static Optional<RoomId> room(String name) {
    try {
      return Optional.of(new RoomId(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Future<CommandOutcome> refused(Refusal refusal) {
    return Future.succeededFuture(CommandOutcome.refused(refusal));
  }

  /** Begins to take parts of an upload. */
  public UploadReceiver append(UploadCall call, UploadSource source) {
    JsonNode args = read(call.arguments());
    return new Appending(
            store,
            limits,
            source,
            call.caller().user(),
            args.path("upload").asText(),
            args.path("offset").asLong(),
            args.path("complete").asBoolean(),
            args.hasNonNull("sha256")
                ? Optional.of(args.path("sha256").asText())
                : Optional.empty(),
            state -> tell(call.caller().user(), state))
        .begin();
  }

  /** Whoever sends it hears, in an inbox of its own, how far it is. */
  private void tell(String user, UploadStore.State state) {
    Topic inbox = new Topic(ChatNames.INBOX, user);
    if (publisher.isWanted(inbox)) {
      publisher.publish(Publication.ephemeral(
          inbox, ChatNames.UPLOAD_EVENT, Instant.now().toEpochMilli(), shown(state)));
    }
  }

  /** Gives out a complete upload. */
  public void read(StreamCall call, StreamSink sink) {
    String id = read(call.arguments()).path("upload").asText();
    store
        .readable(id, call.caller().user())
        .onSuccess(found -> {
          if (found.isEmpty()) {
            sink.fail(UploadRefusals.unknown());
          } else {
            new Reading(store, sink, found.get(), shown(found.get())).begin();
          }
        })
        .onFailure(failure ->
            sink.fail(Refusal.later("unavailable", "The file cannot be read just now.", 1_000)));
  }

  /** Forgets what was begun and left, and files of rooms that are gone. */
  public Future<Integer> sweep(int batch) {
    return store.sweep(Instant.now().minus(limits.unfinished()), batch);
  }

  static Payload shown(UploadStore.State state) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("upload", state.id());
    json.put("name", state.name());
    json.put("type", state.type());
    json.put("offset", state.received());
    state.length().ifPresent(length -> json.put("length", length));
    json.put("complete", state.isComplete());
    state.sha256().ifPresent(hash -> json.put("sha256", HexFormat.of().formatHex(hash)));
    return Payload.ofJson(json.toString());
  }

  /** An item as bytes; empty when it is none. */
  static Optional<byte[]> bytes(Payload item) {
    byte[] utf8 = item.utf8();
    if (utf8.length < 2 || utf8[0] != '"' || utf8[utf8.length - 1] != '"') {
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getDecoder().decode(Arrays.copyOfRange(utf8, 1, utf8.length - 1)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static Payload item(byte[] bytes) {
    byte[] base64 = Base64.getEncoder().encode(bytes);
    byte[] json = new byte[base64.length + 2];
    json[0] = '"';
    System.arraycopy(base64, 0, json, 1, base64.length);
    json[json.length - 1] = '"';
    return Payload.wrap(json);
  }

  private static JsonNode read(Payload arguments) {
    try {
      return JSON.readTree(arguments.utf8());
    } catch (IOException e) {
      throw new UncheckedIOException("the mesh hands over JSON only", e);
    }
  }
}
