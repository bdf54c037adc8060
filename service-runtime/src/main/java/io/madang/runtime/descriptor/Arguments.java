package io.madang.runtime.descriptor;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.topic.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Checks what a client gave against what a descriptor says, and brings it into one form: a JSON object by parameter name,
 * defaults filled in, names spelled as the descriptor spells them.
 *
 * <p>Used at the door, so that bad input costs no bus message, and again where the service runs, so that a door of another
 * version cannot harm it. Safe on any thread.
 */
public final class Arguments {
  /** Depth of arrays and objects in one argument list. */
  public static final int MAX_DEPTH = 32;

  /** Digits of one number. */
  public static final int MAX_NUMBER_CHARS = 64;

  private static final JsonMapper JSON = JsonMapper.builder()
      .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature())
      .build();

  static {
    JSON.getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxNumberLength(MAX_NUMBER_CHARS)
            .build());
  }

  private Arguments() {}

  /** The arguments in their one form, or what is wrong with them. */
  public sealed interface Bound {}

  /** They fit; the object holds them by name. */
  public record Fit(ObjectNode arguments) implements Bound {
    public Payload payload() {
      return Payload.wrap(arguments.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The text of a text argument, or empty when it is not there. */
    public String textOrEmpty(String name) {
      return arguments.path(name).asText("");
    }
  }

  public record Unfit(Refusal refusal) implements Bound {}

  /**
   * Binds one call's arguments.
   *
   * @param parameters what is taken
   * @param positions which parameters an array fills, by its length; when empty the parameters in order
   * @param given a JSON object by name, an array by position, or {@code null} for nothing
   */
  public static Bound bind(
      List<Parameter> parameters, List<List<String>> positions, Payload given) {
    JsonNode tree;
    try {
      tree = JSON.readTree(given.utf8());
    } catch (JsonProcessingException e) {
      return unfit("the arguments are not JSON as we take it: " + e.getOriginalMessage());
    } catch (IOException e) {
      return unfit("the arguments are not JSON");
    }
    if (tree == null || tree.isMissingNode() || tree.isNull()) {
      return byName(parameters, JsonNodeFactory.instance.objectNode());
    }
    if (tree instanceof ObjectNode object) {
      return byName(parameters, object);
    }
    if (tree instanceof ArrayNode array) {
      return byPosition(parameters, positions, array);
    }
    return unfit("the arguments are neither an object by name nor an array by position");
  }

  private static Bound byPosition(
      List<Parameter> parameters, List<List<String>> positions, ArrayNode array) {
    List<String> names = parameters.stream().map(Parameter::name).toList();
    if (!positions.isEmpty()) {
      List<List<String>> matching =
          positions.stream().filter(list -> list.size() == array.size()).toList();
      if (matching.isEmpty()) {
        return unfit("takes "
            + String.join(
                " or ",
                positions.stream().map(list -> Integer.toString(list.size())).toList())
            + " arguments by position but got "
            + array.size());
      }
      names = matching.get(0);
    }
    if (array.size() > names.size()) {
      return unfit(
          "takes at most " + names.size() + " arguments by position but got " + array.size());
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < array.size(); i++) {
      object.set(names.get(i), array.get(i));
    }
    return byName(parameters, object);
  }

  private static Bound byName(List<Parameter> parameters, ObjectNode given) {
    ObjectNode bound = JsonNodeFactory.instance.objectNode();
    for (Parameter parameter : parameters) {
      JsonNode value = given.get(parameter.name());
      if (value == null || value.isNull()) {
        if (parameter.required()) {
          return unfit("the argument '" + parameter.name() + "' is missing");
        }
        if (parameter.defaultValue().isPresent()) {
          bound.set(parameter.name(), defaultOf(parameter));
        }
        continue;
      }
      try {
        bound.set(parameter.name(), ArgumentCheck.check(parameter.type(), value));
      } catch (IllegalArgumentException e) {
        return unfit("the argument '" + parameter.name() + "' " + e.getMessage());
      }
    }
    Iterator<Map.Entry<String, JsonNode>> members = given.fields();
    while (members.hasNext()) {
      String name = members.next().getKey();
      if (parameters.stream().noneMatch(parameter -> parameter.name().equals(name))) {
        return unfit("there is no argument '" + ArgumentCheck.shown(name) + "'");
      }
    }
    return new Fit(bound);
  }

  private static JsonNode defaultOf(Parameter parameter) {
    try {
      return JSON.readTree(parameter.defaultValue().orElseThrow().utf8());
    } catch (IOException e) {
      throw new IllegalStateException("the default of " + parameter.name() + " is not JSON", e);
    }
  }

  private static Unfit unfit(String message) {
    return new Unfit(Refusal.badRequest(message));
  }
}
