package io.madang.runtime.descriptor.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.runtime.topic.Payload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Contributions to hubs as JSON, part of what nodes announce to each other. */
public final class HubJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HubValue.Handler<ObjectNode> VALUES = new Values();

  private HubJson() {}

  public static ObjectNode toJson(HubDescriptor hub) {
    ObjectNode json = JSON.createObjectNode().put("hub", hub.hub());
    json.set("paths", array(hub.paths(), JSON.getNodeFactory()::textNode));
    json.set("methods", array(hub.methods(), HubJson::methodToJson));
    json.set("listeners", array(hub.listeners(), HubJson::listenerToJson));
    ObjectNode greeting = json.putObject("greeting");
    greeting.set("topics", array(hub.greeting().topics(), JSON.getNodeFactory()::textNode));
    greeting.set("asks", array(hub.greeting().asks(), HubJson::askToJson));
    return json;
  }

  /** @throws IllegalArgumentException when it is none, as from a node of a version to come */
  public static HubDescriptor fromJson(JsonNode json) {
    JsonNode greeting = json.path("greeting");
    return new HubDescriptor(
        json.path("hub").asText(),
        list(json.path("paths"), JsonNode::asText),
        list(json.path("methods"), HubJson::methodFromJson),
        list(json.path("listeners"), HubJson::listenerFromJson),
        new HubGreeting(
            list(greeting.path("topics"), JsonNode::asText),
            list(greeting.path("asks"), HubJson::askFromJson)));
  }

  private static ObjectNode methodToJson(HubMethod method) {
    ObjectNode json = JSON.createObjectNode();
    json.put("name", method.name());
    json.put("kind", method.kind().name());
    json.put("asks", method.asks());
    json.set("parameters", array(method.parameters(), JSON.getNodeFactory()::textNode));
    json.set("constants", constantsToJson(method.constants()));
    method.answer().ifPresent(answer -> json.set("answer", answer.dispatch(VALUES)));
    json.set("tells", array(method.tells(), HubJson::eventToJson));
    json.set("progress", array(method.progress(), HubJson::eventToJson));
    json.set("refusals", array(method.refusals(), HubJson::refusalToJson));
    json.set("subscribes", array(method.subscribes(), JSON.getNodeFactory()::textNode));
    json.set("unsubscribes", array(method.unsubscribes(), JSON.getNodeFactory()::textNode));
    return json;
  }

  private static HubMethod methodFromJson(JsonNode json) {
    return new HubMethod(
        json.path("name").asText(),
        HubMethod.Kind.valueOf(json.path("kind").asText()),
        json.path("asks").asText(),
        list(json.path("parameters"), JsonNode::asText),
        constantsFromJson(json.path("constants")),
        json.has("answer") ? Optional.of(valueFromJson(json.get("answer"))) : Optional.empty(),
        list(json.path("tells"), HubJson::eventFromJson),
        list(json.path("progress"), HubJson::eventFromJson),
        list(json.path("refusals"), HubJson::refusalFromJson),
        list(json.path("subscribes"), JsonNode::asText),
        list(json.path("unsubscribes"), JsonNode::asText));
  }

  private static ObjectNode listenerToJson(HubListener listener) {
    ObjectNode json = JSON.createObjectNode();
    json.put("prefix", listener.prefix());
    json.put("event", listener.event());
    json.put("target", listener.target());
    json.set("arguments", array(listener.arguments(), value -> value.dispatch(VALUES)));
    listener.when().ifPresent(condition -> json.set("when", conditionToJson(condition)));
    return json;
  }

  private static HubListener listenerFromJson(JsonNode json) {
    return new HubListener(
        json.path("prefix").asText(),
        json.path("event").asText(),
        json.path("target").asText(),
        list(json.path("arguments"), HubJson::valueFromJson),
        conditionFromJson(json.path("when")));
  }

  private static ObjectNode askToJson(HubGreeting.Ask ask) {
    ObjectNode json = JSON.createObjectNode().put("command", ask.command());
    json.set("arguments", constantsToJson(ask.arguments()));
    json.set("tells", array(ask.tells(), HubJson::eventToJson));
    return json;
  }

  private static HubGreeting.Ask askFromJson(JsonNode json) {
    return new HubGreeting.Ask(
        json.path("command").asText(),
        constantsFromJson(json.path("arguments")),
        list(json.path("tells"), HubJson::eventFromJson));
  }

  private static ObjectNode refusalToJson(HubRefusal refusal) {
    ObjectNode json = JSON.createObjectNode();
    refusal.code().ifPresent(code -> json.put("code", code));
    json.set("event", eventToJson(refusal.event()));
    return json;
  }

  private static HubRefusal refusalFromJson(JsonNode json) {
    return new HubRefusal(
        Optional.ofNullable(json.path("code").textValue()), eventFromJson(json.path("event")));
  }

  private static ObjectNode eventToJson(CallerEvent event) {
    ObjectNode json = JSON.createObjectNode().put("target", event.target());
    json.set("arguments", array(event.arguments(), value -> value.dispatch(VALUES)));
    event.when().ifPresent(condition -> json.set("when", conditionToJson(condition)));
    return json;
  }

  private static CallerEvent eventFromJson(JsonNode json) {
    return new CallerEvent(
        json.path("target").asText(),
        list(json.path("arguments"), HubJson::valueFromJson),
        conditionFromJson(json.path("when")));
  }

  private static ObjectNode conditionToJson(HubCondition condition) {
    ObjectNode json = JSON.createObjectNode();
    json.put("path", condition.path()).put("test", condition.test().name());
    json.set("constant", parse(condition.constant()));
    return json;
  }

  private static Optional<HubCondition> conditionFromJson(JsonNode json) {
    return json.isObject()
        ? Optional.of(new HubCondition(
            json.path("path").asText(),
            HubCondition.Test.valueOf(json.path("test").asText()),
            payload(json.path("constant"))))
        : Optional.empty();
  }

  private static final class Values implements HubValue.Handler<ObjectNode> {
    @Override
    public ObjectNode on(HubValue.Constant value) {
      return is("constant").set("json", parse(value.json()));
    }

    @Override
    public ObjectNode on(HubValue.Member value) {
      return is("member").put("path", value.path());
    }

    @Override
    public ObjectNode on(HubValue.Given value) {
      return is("given").put("fact", value.fact().name());
    }

    @Override
    public ObjectNode on(HubValue.Argument value) {
      return is("argument").put("parameter", value.parameter());
    }

    @Override
    public ObjectNode on(HubValue.Text value) {
      return is("text")
          .put("template", value.template())
          .set("values", array(value.values(), each -> each.dispatch(this)));
    }

    @Override
    public ObjectNode on(HubValue.Fields value) {
      ArrayNode fields = array(
          value.fields(),
          field -> JSON.createObjectNode()
              .put("name", field.name())
              .set("value", field.value().dispatch(this)));
      return is("fields").set("fields", fields);
    }

    @Override
    public ObjectNode on(HubValue.Each value) {
      return is("each").put("path", value.path()).set("item", value.item().dispatch(this));
    }

    @Override
    public ObjectNode on(HubValue.FirstOf value) {
      return is("first").set("values", array(value.values(), each -> each.dispatch(this)));
    }

    private static ObjectNode is(String kind) {
      return JSON.createObjectNode().put("is", kind);
    }
  }

  private static HubValue valueFromJson(JsonNode json) {
    return switch (json.path("is").asText()) {
      case "constant" -> new HubValue.Constant(payload(json.path("json")));
      case "member" -> new HubValue.Member(json.path("path").asText());
      case "given" -> new HubValue.Given(HubValue.Fact.valueOf(json.path("fact").asText()));
      case "argument" -> new HubValue.Argument(json.path("parameter").asText());
      case "text" ->
        new HubValue.Text(
            json.path("template").asText(), list(json.path("values"), HubJson::valueFromJson));
      case "fields" ->
        new HubValue.Fields(list(
            json.path("fields"),
            field -> new HubValue.Field(
                field.path("name").asText(), valueFromJson(field.path("value")))));
      case "each" ->
        new HubValue.Each(json.path("path").asText(), valueFromJson(json.path("item")));
      case "first" -> new HubValue.FirstOf(list(json.path("values"), HubJson::valueFromJson));
      default -> throw new IllegalArgumentException("not a hub's value: " + json.path("is"));
    };
  }

  private static ObjectNode constantsToJson(Map<String, Payload> constants) {
    ObjectNode json = JSON.createObjectNode();
    constants.forEach((name, value) -> json.set(name, parse(value)));
    return json;
  }

  private static Map<String, Payload> constantsFromJson(JsonNode json) {
    Map<String, Payload> constants = new LinkedHashMap<>();
    json.properties().forEach(member -> constants.put(member.getKey(), payload(member.getValue())));
    return constants;
  }

  private static <T> ArrayNode array(List<T> items, Function<T, ? extends JsonNode> each) {
    ArrayNode array = JSON.createArrayNode();
    items.forEach(item -> array.add(each.apply(item)));
    return array;
  }

  private static <T> List<T> list(JsonNode json, Function<JsonNode, T> each) {
    List<T> items = new ArrayList<>(json.size());
    json.forEach(item -> items.add(each.apply(item)));
    return items;
  }

  private static Payload payload(JsonNode json) {
    return Payload.ofJson(json.isMissingNode() ? "null" : json.toString());
  }

  private static JsonNode parse(Payload payload) {
    try {
      return JSON.readTree(payload.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a constant that is not JSON: " + payload, e);
    }
  }
}
