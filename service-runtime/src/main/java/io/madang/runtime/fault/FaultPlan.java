package io.madang.runtime.fault;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * What shall go wrong in a process from now on, as a test tells it in JSON:
 *
 * <pre>{"seed": 7, "dieBeforePublishing": 400, "messages": {"Batch": {"drop": 5, "double": 5, "delay": 2.5, "delayMs": 300}}}</pre>
 *
 * <p>Shares are percents of the messages of that kind, which is the name of a {@link io.madang.runtime.bus.BusMessage} or, for
 * one that asks something, the name of its {@link io.madang.runtime.bus.Question}. What is left out does not happen.
 *
 * @param seed of every choice
 * @param messages by kind
 * @param dieBeforePublishing how many more times a service of this process publishes before the process is killed instead
 */
record FaultPlan(long seed, Map<String, Shares> messages, OptionalInt dieBeforePublishing) {
  /** Nothing goes wrong. */
  static final FaultPlan NOTHING = new FaultPlan(0, Map.of(), OptionalInt.empty());

  private static final double ALL = 100;
  private static final int MAX_DELAY_MS = 60_000;
  private static final Set<String> MEMBERS = Set.of("seed", "messages", "dieBeforePublishing");
  private static final Set<String> SHARES = Set.of("drop", "double", "delay", "delayMs");

  FaultPlan {
    messages = Map.copyOf(messages);
  }

  /**
   * What happens to messages of one kind: at most one of these to each.
   *
   * @param delayMs each delayed one comes up to so much later, one millisecond at least
   */
  record Shares(double drop, double twice, double delay, int delayMs) {
    Shares {
      if (drop < 0 || twice < 0 || delay < 0 || drop + twice + delay > ALL) {
        throw new IllegalArgumentException("shares are percents, all together at most 100");
      }
      if (delayMs < 1 || delayMs > MAX_DELAY_MS) {
        throw new IllegalArgumentException("delayMs must be from 1 to " + MAX_DELAY_MS);
      }
    }
  }

  /** @throws IllegalArgumentException when it is no plan, with what is wrong */
  static FaultPlan from(JsonObject json) {
    requireOnly(json, MEMBERS);
    try {
      Map<String, Shares> messages = new TreeMap<>();
      JsonObject kinds = json.getJsonObject("messages", new JsonObject());
      for (String kind : kinds.fieldNames()) {
        messages.put(kind, shares(kinds.getJsonObject(kind)));
      }
      Integer publishing = json.getInteger("dieBeforePublishing");
      return new FaultPlan(
          json.getLong("seed", 0L),
          messages,
          publishing == null ? OptionalInt.empty() : OptionalInt.of(publishing));
    } catch (ClassCastException e) {
      throw new IllegalArgumentException(
          "a number or an object is expected where there is none", e);
    }
  }

  private static Shares shares(JsonObject json) {
    requireOnly(json, SHARES);
    return new Shares(
        json.getDouble("drop", 0.0),
        json.getDouble("double", 0.0),
        json.getDouble("delay", 0.0),
        json.getInteger("delayMs", 1));
  }

  /** A misspelt fault would be one that never happens. */
  private static void requireOnly(JsonObject json, Set<String> known) {
    for (String name : json.fieldNames()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(name + " is not one of " + known);
      }
    }
  }
}
