package io.madang.gateway.edge.bridge;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.JsonText;
import io.madang.protocol.json.JsonValue;
import io.madang.protocol.json.MalformedJsonException;
import io.madang.protocol.json.RawJson;
import io.madang.protocol.json.StrictJson;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.mesh.directory.Directory;
import io.madang.runtime.topic.Topic;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What sending or publishing to an address means: a command of the service that it names, or of the one that owns the topic. */
final class Addresses {
  /** What an address stands for, with what was sent there. */
  record Meaning(String service, String name, Optional<String> id, RawJson args) {}

  /** Nothing can be sent there, or not this. No stack. */
  static final class MeaninglessException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    MeaninglessException(ErrorCode code, String message) {
      super(message, null, false, false);
      this.failure = Failure.of(code, message);
    }

    Failure failure() {
      return failure;
    }
  }

  private static final RawJson NO_ARGUMENTS = RawJson.trusted("{}");

  private final Directory directory;

  Addresses(Directory directory) {
    this.directory = directory;
  }

  /** A command by its name: the body has {@code name}, and may have {@code args} and {@code id}. */
  Meaning ofSend(BridgeMessage message) throws MeaninglessException {
    Map<String, JsonValue> body = members(message.body());
    JsonValue name = body.get("name");
    if (name == null || name.kind() != JsonValue.Kind.STRING) {
      throw new MeaninglessException(
          ErrorCode.BAD_REQUEST, "The body must be an object with the name of a command.");
    }
    JsonValue id = body.get("id");
    RawJson args = Optional.ofNullable(body.get("args")).map(JsonValue::raw).orElse(NO_ARGUMENTS);
    Optional<Topic> topic = topic(message.address());
    return new Meaning(
        topic.isEmpty() ? message.address() : owner(topic.get()).service(),
        name.text(),
        Optional.ofNullable(id).map(JsonValue::text).filter(text -> !text.isEmpty()),
        topic.isEmpty() ? args : about(topic.get(), name.text(), args));
  }

  /** The topic is put into arguments that do not name one. */
  private RawJson about(Topic topic, String name, RawJson args) throws MeaninglessException {
    Optional<String> parameter =
        owner(topic).command(name).flatMap(command -> parameterOf(command, topic));
    if (parameter.isEmpty() || !args.isObject()) {
      return args;
    }
    Map<String, JsonValue> given = objectMembers(args.utf8());
    return given.containsKey(parameter.get()) ? args : with(given, parameter.get(), topic.id());
  }

  /** What the owner of a topic takes in place of a publication by a client, where it does. */
  Meaning ofPublish(BridgeMessage message) throws MeaninglessException {
    Optional<Topic> topic = topic(message.address());
    if (topic.isEmpty()) {
      return ofSend(message);
    }
    ServiceDescriptor owner = owner(topic.get());
    CommandDescriptor command = owner
        .topic(topic.get().prefix())
        .flatMap(TopicDescriptor::publishedBy)
        .flatMap(owner::command)
        .orElseThrow(() -> new MeaninglessException(
            ErrorCode.FORBIDDEN, "Clients may not publish to this address."));
    Optional<String> about = parameterOf(command, topic.get());
    RawJson args = publishedArguments(command, message.body(), about);
    return new Meaning(
        owner.service(),
        command.name(),
        Optional.ofNullable(message.headers().get("id")),
        about.isEmpty()
            ? args
            : with(objectMembers(args.utf8()), about.get(), topic.get().id()));
  }

  /** An object is arguments by name; anything else is the first one that is needed beside the topic. */
  private static RawJson publishedArguments(
      CommandDescriptor command, Optional<JsonValue> body, Optional<String> about)
      throws MeaninglessException {
    if (body.isPresent() && body.get().kind() == JsonValue.Kind.OBJECT) {
      return body.get().raw();
    }
    Parameter first = command.parameters().stream()
        .filter(parameter -> !about.filter(parameter.name()::equals).isPresent())
        .findFirst()
        .orElseThrow(
            () -> new MeaninglessException(ErrorCode.BAD_REQUEST, "The body must be an object."));
    return JsonText.object(out -> {
      if (body.isPresent()) {
        out.writeFieldName(first.name());
        JsonText.raw(out, body.get().raw());
      }
    });
  }

  private static Optional<String> parameterOf(CommandDescriptor command, Topic topic) {
    return command
        .key()
        .filter(key -> key.prefix().equals(topic.prefix()) && !key.parameter().isEmpty())
        .map(CommandDescriptor.TopicKey::parameter);
  }

  private ServiceDescriptor owner(Topic topic) throws MeaninglessException {
    return directory
        .owner(topic)
        .orElseThrow(() -> new MeaninglessException(
            ErrorCode.UNKNOWN_TOPIC, "There is no such topic in the mesh."));
  }

  /** What is sent to an address without a colon is for a service, also where a topic has that name. */
  private static Optional<Topic> topic(String address) throws MeaninglessException {
    if (address.indexOf(':') < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(Topic.parse(address));
    } catch (IllegalArgumentException e) {
      throw new MeaninglessException(ErrorCode.BAD_REQUEST, e.getMessage());
    }
  }

  private static Map<String, JsonValue> members(Optional<JsonValue> body)
      throws MeaninglessException {
    if (body.isEmpty() || body.get().kind() != JsonValue.Kind.OBJECT) {
      throw new MeaninglessException(
          ErrorCode.BAD_REQUEST, "The body must be an object with the name of a command.");
    }
    return objectMembers(body.get().raw().utf8());
  }

  private static Map<String, JsonValue> objectMembers(byte[] utf8) throws MeaninglessException {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    try {
      StrictJson.fromClients().object(utf8, members::put);
    } catch (MalformedJsonException e) {
      throw new MeaninglessException(ErrorCode.BAD_REQUEST, e.getMessage());
    }
    return members;
  }

  private static RawJson with(Map<String, JsonValue> members, String name, String value) {
    return JsonText.object(out -> {
      for (Map.Entry<String, JsonValue> member : members.entrySet()) {
        if (!member.getKey().equals(name)) {
          out.writeFieldName(member.getKey());
          JsonText.raw(out, member.getValue().raw());
        }
      }
      out.writeStringField(name, value);
    });
  }
}
