package io.madang.benchmarks.scenario;

import java.util.LinkedHashMap;
import java.util.Map;

/** All there are, by the names people give. */
public final class Scenarios {
  private Scenarios() {}

  public static Map<String, Scenario> all() {
    Map<String, Scenario> all = new LinkedHashMap<>();
    all.put("fan-out", new FanOut());
    all.put("bridge", Baseline.bridge());
    all.put("write-each", Baseline.writeEach());
    return all;
  }
}
