package io.madang.gateway.edge.signalr.meaning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.descriptor.hub.HubCondition;
import io.madang.runtime.descriptor.hub.HubValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes the values that a hub's descriptors describe. Safe on any thread. */
public final class HubValues implements HubValue.Handler<JsonNode> {
  /** Numbers stay as they were written. */
  private static final JsonMapper JSON = JsonMapper.builder()
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();

  private static final JsonNode NULL = JsonNodeFactory.instance.nullNode();

  private final HubScope scope;

  private HubValues(HubScope scope) {
    this.scope = scope;
  }

  /** What a service said, as JSON. */
  public static JsonNode read(byte[] utf8) {
    try {
      return JSON.readTree(utf8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what a service says is not JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  public static RawJson raw(JsonNode node) {
    return RawJson.trusted(node.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** One value. */
  public static RawJson value(HubValue value, HubScope scope) {
    return raw(value.dispatch(new HubValues(scope)));
  }

  /** The arguments of a listener, as an array. */
  public static RawJson arguments(List<HubValue> values, HubScope scope) {
    HubValues here = new HubValues(scope);
    ArrayNode array = JsonNodeFactory.instance.arrayNode(values.size());
    values.forEach(value -> array.add(value.dispatch(here)));
    return raw(array);
  }

  /** Whether the data is what an event is told of. */
  public static boolean holds(Optional<HubCondition> condition, JsonNode data) {
    return condition.isEmpty()
        || holds(condition.get(), member(data, condition.get().path()));
  }

  private static boolean holds(HubCondition condition, JsonNode value) {
    return switch (condition.test()) {
      case EQUALS -> value.equals(read(condition.constant().utf8()));
      case DIFFERS -> !value.equals(read(condition.constant().utf8()));
      case IS_EMPTY -> isEmpty(value);
      case IS_NOT_EMPTY -> !isEmpty(value);
    };
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isNull()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isTextual() && value.textValue().isEmpty());
  }

  private static JsonNode member(JsonNode data, String path) {
    JsonNode value = data;
    if (!path.isEmpty()) {
      for (String name : path.split("\\.", -1)) {
        value = value.path(name);
      }
    }
    return value.isMissingNode() ? NULL : value;
  }

  @Override
  public JsonNode on(HubValue.Constant value) {
    return read(value.json().utf8());
  }

  @Override
  public JsonNode on(HubValue.Member value) {
    return member(scope.data(), value.path());
  }

  @Override
  public JsonNode on(HubValue.Given value) {
    return switch (value.fact()) {
      case TIME -> TextNode.valueOf(scope.time().toString());
      case TOPIC_ID -> scope.topicId().<JsonNode>map(TextNode::valueOf).orElse(NULL);
      case CALLER_ID -> told(each -> TextNode.valueOf(each.caller().user()));
      case CALLER_NAME -> told(each -> TextNode.valueOf(each.caller().name()));
      case CONNECTION -> told(each -> TextNode.valueOf(each.connection()));
    };
  }

  private JsonNode told(Function<HubScope.Told, JsonNode> fact) {
    return scope.told().map(fact).orElse(NULL);
  }

  @Override
  public JsonNode on(HubValue.Argument value) {
    return told(each -> member(each.arguments(), value.parameter()));
  }

  @Override
  public JsonNode on(HubValue.Text value) {
    StringBuilder text = new StringBuilder();
    String[] parts = value.template().split("\\{}", -1);
    for (int i = 0; i < parts.length; i++) {
      text.append(parts[i]);
      if (i < value.values().size()) {
        JsonNode filling = value.values().get(i).dispatch(this);
        text.append(
            filling.isNull() ? "" : filling.isValueNode() ? filling.asText() : filling.toString());
      }
    }
    return TextNode.valueOf(text.toString());
  }

  @Override
  public JsonNode on(HubValue.Fields value) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    value.fields().forEach(field -> object.set(field.name(), field.value().dispatch(this)));
    return object;
  }

  @Override
  public JsonNode on(HubValue.Each value) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    JsonNode list = member(scope.data(), value.path());
    if (list.isArray()) {
      list.forEach(item -> array.add(value.item().dispatch(new HubValues(scope.with(item)))));
    }
    return array;
  }

  @Override
  public JsonNode on(HubValue.FirstOf value) {
    for (HubValue each : value.values()) {
      JsonNode found = each.dispatch(this);
      if (!found.isNull()) {
        return found;
      }
    }
    return NULL;
  }
}
