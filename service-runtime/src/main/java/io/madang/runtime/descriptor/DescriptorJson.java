package io.madang.runtime.descriptor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.runtime.descriptor.CommandDescriptor.Access;
import io.madang.runtime.descriptor.CommandDescriptor.IdKind;
import io.madang.runtime.descriptor.CommandDescriptor.TopicKey;
import io.madang.runtime.descriptor.TopicDescriptor.History;
import io.madang.runtime.descriptor.TopicDescriptor.Pressure;
import io.madang.runtime.descriptor.hub.HubJson;
import io.madang.runtime.topic.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Descriptors as JSON: what nodes announce to each other and what {@code GET /api/services} shows. */
public final class DescriptorJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DescriptorJson() {}

  public static ObjectNode toJson(ServiceDescriptor descriptor) {
    ObjectNode json = JSON.createObjectNode();
    json.put("service", descriptor.service());
    json.put("version", descriptor.version());
    ArrayNode topics = json.putArray("topics");
    for (TopicDescriptor topic : descriptor.topics()) {
      ObjectNode node = topics.addObject();
      node.put("prefix", topic.prefix());
      node.put("history", topic.history().name());
      node.put("pressure", topic.pressure().name());
      topic.guard().ifPresent(guard -> node.put("guard", guard));
      topic.publishedBy().ifPresent(command -> node.put("publishedBy", command));
    }
    ArrayNode commands = json.putArray("commands");
    descriptor.commands().forEach(command -> commands.add(commandToJson(command)));
    ArrayNode streams = json.putArray("streams");
    for (StreamDescriptor stream : descriptor.streams()) {
      ObjectNode node = streams.addObject();
      node.put("name", stream.name());
      node.set("parameters", parametersToJson(stream.parameters()));
      stream.role().ifPresent(role -> node.put("role", role));
    }
    ArrayNode uploads = json.putArray("uploads");
    for (UploadDescriptor upload : descriptor.uploads()) {
      ObjectNode node = uploads.addObject();
      node.put("name", upload.name());
      node.set("parameters", parametersToJson(upload.parameters()));
      upload.role().ifPresent(role -> node.put("role", role));
      node.put("maxItemBytes", upload.maxItemBytes());
      node.put("maxBytes", upload.maxBytes());
      node.put("idleMs", upload.idle().toMillis());
      node.put("withinMs", upload.within().toMillis());
    }
    ArrayNode observes = json.putArray("observes");
    for (Observes observed : descriptor.observes()) {
      observes.add(
          observed instanceof Observes.Subscriptions subscriptions ? subscriptions.prefix() : "");
    }
    ArrayNode hubs = json.putArray("hubs");
    descriptor.hubs().forEach(hub -> hubs.add(HubJson.toJson(hub)));
    return json;
  }

  public static Payload toPayload(ServiceDescriptor descriptor) {
    return Payload.ofJson(toJson(descriptor).toString());
  }

  /**
   * Reads a descriptor.
   *
   * @throws IllegalArgumentException when {@code payload} is not a descriptor, as from a node of a version to come
   */
  public static ServiceDescriptor fromPayload(Payload payload) {
    try {
      JsonNode json = JSON.readTree(payload.toString());
      return new ServiceDescriptor(
          json.path("service").asText(),
          json.path("version").asText(),
          list(json.path("topics"), DescriptorJson::topicFromJson),
          list(json.path("commands"), DescriptorJson::commandFromJson),
          list(json.path("streams"), DescriptorJson::streamFromJson),
          list(json.path("uploads"), DescriptorJson::uploadFromJson),
          list(json.path("observes"), DescriptorJson::observesFromJson),
          list(json.path("hubs"), HubJson::fromJson));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a descriptor: " + e.getOriginalMessage(), e);
    }
  }

  private static ObjectNode commandToJson(CommandDescriptor command) {
    ObjectNode node = JSON.createObjectNode();
    node.put("name", command.name());
    node.set("parameters", parametersToJson(command.parameters()));
    ArrayNode positions = node.putArray("positions");
    for (List<String> names : command.positions()) {
      ArrayNode one = positions.addArray();
      names.forEach(one::add);
    }
    node.put("id", command.idKind().name());
    command.role().ifPresent(role -> node.put("role", role));
    command.key().ifPresent(key -> {
      ObjectNode about = node.putObject("key");
      about.put("prefix", key.prefix()).put("parameter", key.parameter());
      key.id().ifPresent(id -> about.put("id", id));
    });
    node.put("access", command.access().name());
    if (command.isLong()) {
      node.put("withinMs", command.within().toMillis());
    }
    return node;
  }

  private static ArrayNode parametersToJson(List<Parameter> parameters) {
    ArrayNode array = JSON.createArrayNode();
    for (Parameter parameter : parameters) {
      ObjectNode node = array.addObject();
      node.put("name", parameter.name());
      node.set("type", typeToJson(parameter.type()));
      node.put("required", parameter.required());
      parameter.defaultValue().ifPresent(value -> node.set("default", parse(value)));
    }
    return array;
  }

  private static ObjectNode typeToJson(ParameterType type) {
    ObjectNode node = JSON.createObjectNode();
    if (type instanceof ParameterType.Text text) {
      return node.put("is", "text")
          .put("min", text.minCodePoints())
          .put("max", text.maxCodePoints());
    }
    if (type instanceof ParameterType.Whole whole) {
      return node.put("is", "whole")
          .put("min", whole.min())
          .put("max", whole.max())
          .put("clamped", whole.clamped());
    }
    if (type instanceof ParameterType.Decimal decimal) {
      return node.put("is", "decimal").put("min", decimal.min()).put("max", decimal.max());
    }
    if (type instanceof ParameterType.Flag) {
      return node.put("is", "flag");
    }
    if (type instanceof ParameterType.ListOf list) {
      node.put("is", "list").put("max", list.maxItems());
      node.set("item", typeToJson(list.item()));
      return node;
    }
    return node.put("is", "object").put("max", ((ParameterType.AnyObject) type).maxBytes());
  }

  private static ParameterType typeFromJson(JsonNode json) {
    return switch (json.path("is").asText()) {
      case "text" ->
        ParameterType.text(json.path("min").asInt(), json.path("max").asInt());
      case "whole" ->
        new ParameterType.Whole(
            json.path("min").asLong(),
            json.path("max").asLong(),
            json.path("clamped").asBoolean());
      case "decimal" ->
        ParameterType.decimal(json.path("min").asDouble(), json.path("max").asDouble());
      case "flag" -> ParameterType.flag();
      case "list" ->
        ParameterType.listOf(typeFromJson(json.path("item")), json.path("max").asInt());
      case "object" -> ParameterType.object(json.path("max").asInt());
      default -> throw new IllegalArgumentException("not a parameter's type: " + json.path("is"));
    };
  }

  private static TopicDescriptor topicFromJson(JsonNode json) {
    return new TopicDescriptor(
        json.path("prefix").asText(),
        History.valueOf(json.path("history").asText()),
        Pressure.valueOf(json.path("pressure").asText()),
        optionalText(json.path("guard")),
        optionalText(json.path("publishedBy")));
  }

  private static CommandDescriptor commandFromJson(JsonNode json) {
    JsonNode key = json.path("key");
    return new CommandDescriptor(
        json.path("name").asText(),
        list(json.path("parameters"), DescriptorJson::parameterFromJson),
        list(json.path("positions"), names -> list(names, JsonNode::asText)),
        IdKind.valueOf(json.path("id").asText()),
        optionalText(json.path("role")),
        key.isObject()
            ? Optional.of(new TopicKey(
                key.path("prefix").asText(),
                key.path("parameter").asText(),
                Optional.ofNullable(key.path("id").textValue())))
            : Optional.empty(),
        Access.valueOf(json.path("access").asText()),
        Duration.ofMillis(json.path("withinMs").asLong(CommandDescriptor.USUAL.toMillis())));
  }

  private static StreamDescriptor streamFromJson(JsonNode json) {
    return new StreamDescriptor(
        json.path("name").asText(),
        list(json.path("parameters"), DescriptorJson::parameterFromJson),
        optionalText(json.path("role")));
  }

  private static UploadDescriptor uploadFromJson(JsonNode json) {
    return new UploadDescriptor(
        json.path("name").asText(),
        list(json.path("parameters"), DescriptorJson::parameterFromJson),
        optionalText(json.path("role")),
        json.path("maxItemBytes").asInt(),
        json.path("maxBytes").asLong(),
        Duration.ofMillis(json.path("idleMs").asLong()),
        Duration.ofMillis(json.path("withinMs").asLong()));
  }

  private static Parameter parameterFromJson(JsonNode json) {
    return new Parameter(
        json.path("name").asText(),
        typeFromJson(json.path("type")),
        json.path("required").asBoolean(),
        json.has("default")
            ? Optional.of(Payload.ofJson(json.get("default").toString()))
            : Optional.empty());
  }

  private static Observes observesFromJson(JsonNode json) {
    return json.asText().isEmpty()
        ? new Observes.Connections()
        : new Observes.Subscriptions(json.asText());
  }

  private static Optional<String> optionalText(JsonNode json) {
    return json.isTextual() ? Optional.of(json.textValue()) : Optional.empty();
  }

  private static <T> List<T> list(JsonNode json, Function<JsonNode, T> each) {
    List<T> items = new ArrayList<>(json.size());
    json.forEach(item -> items.add(each.apply(item)));
    return items;
  }

  private static JsonNode parse(Payload payload) {
    try {
      return JSON.readTree(payload.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a default that is not JSON: " + payload, e);
    }
  }
}
