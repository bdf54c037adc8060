package io.madang.benchmarks;

import static io.madang.benchmarks.report.Bar.atLeast;
import static io.madang.benchmarks.report.Bar.atLeastTimes;
import static io.madang.benchmarks.report.Bar.atMost;
import static io.madang.benchmarks.report.Bar.atMostAbove;

import io.madang.benchmarks.report.Bar;
import io.madang.benchmarks.run.LoadOptions;
import io.madang.benchmarks.scenario.FanOut;
import io.madang.benchmarks.scenario.Scenario;
import io.madang.benchmarks.scenario.Scenarios;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What {@code bench all} runs, and what the product is held to on two processors shared with the generator. */
final class Bars {
  private static final String DELIVERIES = "deliveries per gateway CPU s";
  private static final String DELIVERED = "delivered %";
  private static final String LATE = "p99 ms";
  private static final int ALL = 100;

  /** Of one statement, so that a thousand clients take a hundred at most. */
  private static final double STATEMENTS_PER_CLIENT = 0.1;

  /** What the product queues for a connection by default, in KB. */
  private static final int QUEUED_KB = 1_024;

  private Bars() {}

  /** A load with a name of its own. */
  record NamedLoad(String scenario, LoadOptions options) {
    Scenario make() {
      return Scenarios.all().get(scenario);
    }
  }

  static Map<String, NamedLoad> loads() {
    Map<String, NamedLoad> loads = new LinkedHashMap<>();
    add(loads, "bridge", "bridge", usual -> usual);
    add(loads, "write-each", "write-each", usual -> usual);
    add(loads, "fan-out-50", "fan-out", usual -> usual);
    add(loads, "fan-out-300", "fan-out", usual -> usual.withRate(300));
    add(loads, "fan-out-1000", "fan-out", usual -> usual.withThrough("bench").withRate(1_000));
    add(loads, "signalr-1000", "fan-out", usual -> atAHub(usual, "signalr"));
    add(loads, "messagepack-1000", "fan-out", usual -> atAHub(usual, "signalr-messagepack"));
    add(loads, "many-rooms", "many-rooms", usual -> usual);
    add(loads, "send-1-room", "send", usual -> usual);
    add(loads, "send-1000-rooms", "send", usual -> usual.withTopics(1_000));
    add(loads, "direct", "direct", usual -> usual);
    add(loads, "cross-node", "cross-node", usual -> usual);
    add(loads, "slow", "slow", usual -> usual);
    add(loads, "storm", "storm", usual -> usual);
    add(loads, "idle", "idle", usual -> usual);
    return loads;
  }

  private static void add(
      Map<String, NamedLoad> loads,
      String name,
      String scenario,
      UnaryOperator<LoadOptions> change) {
    LoadOptions usual = Scenarios.all().get(scenario).usual();
    loads.put(name, new NamedLoad(scenario, change.apply(usual)));
  }

  private static LoadOptions atAHub(LoadOptions usual, String door) {
    return usual.withThrough("bench").withRate(1_000).withDoor(door);
  }

  static List<Bar> all() {
    return List.of(
        atLeast("bridge", DELIVERIES, 35_000),
        atLeast("write-each", DELIVERIES, 80_000),
        atLeastTimes("fan-out-50", DELIVERIES, 2.5, "bridge"),
        atMost("fan-out-50", LATE, 25),
        atLeast("fan-out-300", DELIVERED, ALL),
        atMost("fan-out-300", LATE, 100),
        atLeast("fan-out-1000", DELIVERED, ALL),
        atMost("fan-out-1000", LATE, 150),
        atLeast("fan-out-1000", DELIVERIES, 800_000),
        atMost("fan-out-1000", "generator cores", 0.8),
        atLeast("signalr-1000", DELIVERED, ALL),
        atMost("signalr-1000", FanOut.TIMES_NATIVE, 1.2),
        atLeast("messagepack-1000", DELIVERED, ALL),
        atMost("messagepack-1000", FanOut.TIMES_NATIVE, 1.2),
        atLeast("many-rooms", DELIVERED, ALL),
        atMost("many-rooms", LATE, 100),
        atLeast("send-1-room", "accepted per s", 12_000),
        atLeast("send-1000-rooms", "accepted per s", 12_000),
        atMost("cross-node", LATE, 20),
        atMostAbove("slow", "some stopped p99 ms", "all read p99 ms", 1.5, 10),
        atMost("slow", "heap growth KB per stopped", QUEUED_KB),
        atMost("storm", "s until all were back", 15),
        atMost("storm", "extra statements per client", STATEMENTS_PER_CLIENT),
        atMostAbove("storm", "survivors in the storm p99 ms", "survivors before p99 ms", 3, 50),
        atMost("idle", "heap KB per connection", 8),
        atMost("idle", "RSS KB per connection", 16),
        atMost("idle", "gateway CPU us per connection s", 3));
  }
}
