package io.madang.benchmarks.scenario;

import java.util.LinkedHashMap;
import java.util.Map;

/** All there are, by the names people give. */
public final class Scenarios {
  private Scenarios() {}

  public static Map<String, Scenario> all() {
    Map<String, Scenario> all = new LinkedHashMap<>();
    all.put("fan-out", new FanOut());
    all.put("many-rooms", new ManyRooms());
    all.put("direct", new Direct());
    all.put("send", new Send());
    all.put("idle", new Idle());
    all.put("storm", new Storm());
    all.put("slow", new Slow());
    all.put("cross-node", new CrossNode());
    all.put("bridge", Baseline.bridge());
    all.put("write-each", Baseline.writeEach());
    return all;
  }
}
