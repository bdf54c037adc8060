package io.madang.dashboard.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one process had counted at one moment. A meter it does not have is simply not there. */
public final class Counters {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * One number.
   *
   * @param tags by name
   */
  record Meter(Map<String, String> tags, double value) {
    String tag(String name) {
      return tags.getOrDefault(name, "");
    }
  }

  private final Map<String, List<Meter>> metersByName;

  private Counters(Map<String, List<Meter>> metersByName) {
    this.metersByName = metersByName;
  }

  /**
   * Reads a JSON object from {@code name{tag=value,…}} to a number; what is no number is passed over.
   *
   * @throws IllegalArgumentException when it is no JSON object
   */
  public static Counters parse(byte[] json) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(json);
    } catch (IOException e) {
      throw new IllegalArgumentException("the counters are not JSON", e);
    }
    if (!tree.isObject()) {
      throw new IllegalArgumentException("the counters are not a JSON object");
    }
    Map<String, List<Meter>> meters = new HashMap<>();
    for (Map.Entry<String, JsonNode> member : tree.properties()) {
      if (member.getValue().isNumber()) {
        add(meters, member.getKey(), member.getValue().doubleValue());
      }
    }
    return new Counters(meters);
  }

  private static void add(Map<String, List<Meter>> meters, String key, double value) {
    int brace = key.indexOf('{');
    boolean tagged = brace >= 0 && key.endsWith("}");
    String name = tagged ? key.substring(0, brace) : key;
    Map<String, String> tags = tagged ? tags(key.substring(brace + 1, key.length() - 1)) : Map.of();
    meters.computeIfAbsent(name, first -> new ArrayList<>()).add(new Meter(tags, value));
  }

  private static Map<String, String> tags(String text) {
    Map<String, String> tags = new HashMap<>();
    for (String tag : text.split(",", -1)) {
      int equals = tag.indexOf('=');
      if (equals > 0) {
        tags.put(tag.substring(0, equals), tag.substring(equals + 1));
      }
    }
    return tags;
  }

  boolean has(String name) {
    return metersByName.containsKey(name);
  }

  /** All meters of this name; one per combination of tags. */
  List<Meter> meters(String name) {
    return metersByName.getOrDefault(name, List.of());
  }

  /** Sum of a name over all tags; 0 when there is none. */
  double total(String name) {
    return meters(name).stream().mapToDouble(Meter::value).sum();
  }
}
