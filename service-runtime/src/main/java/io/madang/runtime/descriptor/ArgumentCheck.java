package io.madang.runtime.descriptor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import io.madang.runtime.descriptor.ParameterType.AnyObject;
import io.madang.runtime.descriptor.ParameterType.Decimal;
import io.madang.runtime.descriptor.ParameterType.Flag;
import io.madang.runtime.descriptor.ParameterType.ListOf;
import io.madang.runtime.descriptor.ParameterType.Text;
import io.madang.runtime.descriptor.ParameterType.Whole;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/** One value against one type. The exceptions' messages end a sentence that begins with the argument's name. */
final class ArgumentCheck {
  private ArgumentCheck() {}

  /** The value as the service gets it. */
  static JsonNode check(ParameterType type, JsonNode value) {
    if (type instanceof Text text) {
      return checkText(text, value);
    }
    if (type instanceof Whole whole) {
      return checkWhole(whole, value);
    }
    if (type instanceof Decimal decimal) {
      return checkDecimal(decimal, value);
    }
    if (type instanceof Flag) {
      return require(value.isBoolean(), value, "must be true or false");
    }
    if (type instanceof ListOf list) {
      return checkList(list, value);
    }
    return checkObject((AnyObject) type, value);
  }

  private static JsonNode checkText(Text type, JsonNode value) {
    require(value.isTextual(), value, "must be a string");
    String text = value.textValue();
    requireStorable(text);
    int codePoints = text.codePointCount(0, text.length());
    if (codePoints < type.minCodePoints() || codePoints > type.maxCodePoints()) {
      throw new IllegalArgumentException("must have " + type.minCodePoints() + " to "
          + type.maxCodePoints() + " characters but has " + codePoints);
    }
    return value;
  }

  private static JsonNode checkWhole(Whole type, JsonNode value) {
    require(value.isNumber() && value.canConvertToExactIntegral(), value, "must be a whole number");
    long number;
    if (value.canConvertToLong()) {
      number = value.longValue();
    } else if (type.clamped()) {
      number = value.decimalValue().signum() > 0 ? type.max() : type.min();
    } else {
      throw new IllegalArgumentException("must be from " + type.min() + " to " + type.max());
    }
    if (type.clamped()) {
      return LongNode.valueOf(Math.max(type.min(), Math.min(type.max(), number)));
    }
    if (number < type.min() || number > type.max()) {
      throw new IllegalArgumentException("must be from " + type.min() + " to " + type.max());
    }
    return LongNode.valueOf(number);
  }

  private static JsonNode checkDecimal(Decimal type, JsonNode value) {
    require(value.isNumber(), value, "must be a number");
    BigDecimal number = value.decimalValue();
    if (number.compareTo(BigDecimal.valueOf(type.min())) < 0
        || number.compareTo(BigDecimal.valueOf(type.max())) > 0) {
      throw new IllegalArgumentException("must be from " + type.min() + " to " + type.max());
    }
    return value;
  }

  private static JsonNode checkList(ListOf type, JsonNode value) {
    require(value.isArray(), value, "must be a list");
    if (value.size() > type.maxItems()) {
      throw new IllegalArgumentException(
          "must have at most " + type.maxItems() + " items but has " + value.size());
    }
    ArrayNode items = JsonNodeFactory.instance.arrayNode(value.size());
    for (JsonNode item : value) {
      items.add(check(type.item(), item));
    }
    return items;
  }

  private static JsonNode checkObject(AnyObject type, JsonNode value) {
    require(value.isObject(), value, "must be an object");
    requireStorableThroughout(value);
    int bytes = value.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > type.maxBytes()) {
      throw new IllegalArgumentException(
          "must have at most " + type.maxBytes() + " bytes but has " + bytes);
    }
    return value;
  }

  private static void requireStorableThroughout(JsonNode value) {
    if (value.isTextual()) {
      requireStorable(value.textValue());
    }
    if (value.isObject()) {
      Set<Map.Entry<String, JsonNode>> members = value.properties();
      for (Map.Entry<String, JsonNode> member : members) {
        requireStorable(member.getKey());
        requireStorableThroughout(member.getValue());
      }
    } else {
      value.forEach(ArgumentCheck::requireStorableThroughout);
    }
  }

  private static void requireStorable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw new IllegalArgumentException("must not contain U+0000");
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new IllegalArgumentException("must not contain half a surrogate pair");
      }
    }
  }

  private static JsonNode require(boolean holds, JsonNode value, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
    return value;
  }

  /** A client's own text as it may stand in a message: short, printable. */
  static String shown(String text) {
    String printable = text.replaceAll("[^\\p{L}\\p{N}._-]", "?");
    return printable.length() > 40 ? printable.substring(0, 40) + "…" : printable;
  }
}
