package io.madang.gateway.edge.docs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ParameterType;
import io.madang.runtime.descriptor.ParameterType.AnyObject;
import io.madang.runtime.descriptor.ParameterType.Decimal;
import io.madang.runtime.descriptor.ParameterType.Flag;
import io.madang.runtime.descriptor.ParameterType.ListOf;
import io.madang.runtime.descriptor.ParameterType.Text;
import io.madang.runtime.descriptor.ParameterType.Whole;
import java.util.List;

/** Arguments as JSON Schema (2020-12), which both documents use. */
final class Schemas {
  private static final JsonMapper JSON = new JsonMapper();

  private Schemas() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ObjectNode of(Parameter parameter) {
    ObjectNode schema = of(parameter.type());
    parameter.defaultValue().ifPresent(value -> {
      try {
        schema.set("default", JSON.readTree(value.toString()));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("the default of " + parameter.name() + " is not JSON", e);
      }
    });
    return schema;
  }

  static ObjectNode of(ParameterType type) {
    ObjectNode schema = object();
    if (type instanceof Text text) {
      // JSON Schema counts code points as well.
      return schema
          .put("type", "string")
          .put("minLength", text.minCodePoints())
          .put("maxLength", text.maxCodePoints());
    }
    if (type instanceof Whole whole) {
      schema.put("type", "integer");
      return whole.clamped()
          ? schema.put(
              "description",
              "Beyond " + whole.min() + " and " + whole.max() + " the nearest of both counts.")
          : schema.put("minimum", whole.min()).put("maximum", whole.max());
    }
    if (type instanceof Decimal decimal) {
      return schema
          .put("type", "number")
          .put("minimum", decimal.min())
          .put("maximum", decimal.max());
    }
    if (type instanceof Flag) {
      return schema.put("type", "boolean");
    }
    if (type instanceof ListOf list) {
      schema.put("type", "array").put("maxItems", list.maxItems()).set("items", of(list.item()));
      return schema;
    }
    return schema
        .put("type", "object")
        .put("description", "At most " + ((AnyObject) type).maxBytes() + " bytes as JSON.");
  }

  static boolean isScalar(ParameterType type) {
    return !(type instanceof ListOf || type instanceof AnyObject);
  }

  /** Arguments by name. */
  static ObjectNode byName(List<Parameter> parameters) {
    ObjectNode schema = object().put("type", "object").put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    parameters.forEach(each -> properties.set(each.name(), of(each)));
    List<Parameter> needed = parameters.stream().filter(Parameter::required).toList();
    if (!needed.isEmpty()) {
      ArrayNode required = schema.putArray("required");
      needed.forEach(each -> required.add(each.name()));
    }
    return schema;
  }

  /** Arguments by name or by position. */
  static ObjectNode arguments(List<Parameter> parameters, List<List<String>> positions) {
    ObjectNode schema = object();
    ArrayNode ways = schema.putArray("oneOf");
    ways.add(byName(parameters));
    if (positions.isEmpty()) {
      int needed = (int) parameters.stream().filter(Parameter::required).count();
      ways.add(byPosition(parameters, needed));
    }
    for (List<String> names : positions) {
      List<Parameter> named = names.stream()
          .map(name -> parameters.stream()
              .filter(each -> each.name().equals(name))
              .findFirst()
              .orElseThrow())
          .toList();
      ways.add(byPosition(named, named.size()));
    }
    return schema;
  }

  private static ObjectNode byPosition(List<Parameter> parameters, int atLeast) {
    ObjectNode schema =
        object().put("type", "array").put("minItems", atLeast).put("maxItems", parameters.size());
    if (!parameters.isEmpty()) {
      ArrayNode items = schema.putArray("prefixItems");
      parameters.forEach(each -> items.add(of(each)));
    }
    return schema;
  }

  /** An object with these members, each a text. */
  static ObjectNode texts(List<String> required, List<String> optional) {
    ObjectNode schema = object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    required.forEach(name -> properties.putObject(name).put("type", "string"));
    optional.forEach(name -> properties.putObject(name).put("type", "string"));
    if (!required.isEmpty()) {
      ArrayNode names = schema.putArray("required");
      required.forEach(names::add);
    }
    return schema;
  }

  static ObjectNode reference(String pointer) {
    return object().put("$ref", pointer);
  }

  /** The failure of a request, in a frame and in a problem document. */
  static ObjectNode failure() {
    ObjectNode schema = object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("code").put("type", "string");
    properties.putObject("message").put("type", "string");
    properties
        .putObject("retry")
        .put("type", "string")
        .putArray("enum")
        .add("never")
        .add("later");
    properties.putObject("retryAfterMs").put("type", "integer").put("minimum", 0);
    properties.putObject("details");
    schema.putArray("required").add("code").add("message").add("retry").add("retryAfterMs");
    return schema;
  }

  static ObjectNode position() {
    ObjectNode schema = object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("epoch").put("type", "string");
    properties.putObject("offset").put("type", "integer").put("minimum", 0);
    schema.putArray("required").add("epoch").add("offset");
    return schema;
  }

  /** What a topic brings. */
  static ObjectNode publication() {
    ObjectNode schema = object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("type").put("const", "publication");
    properties.putObject("topic").put("type", "string");
    properties.putObject("epoch").put("type", "string");
    properties.putObject("offset").put("type", "integer").put("minimum", 1);
    properties.putObject("prev").put("type", "integer").put("minimum", 0);
    properties.putObject("event").put("type", "string");
    properties.putObject("key").put("type", "string");
    properties.putObject("command").put("type", "string");
    properties.putObject("time").put("type", "string").put("format", "date-time");
    properties.putObject("data");
    schema.putArray("required").add("topic").add("event").add("time").add("data");
    return schema;
  }
}
