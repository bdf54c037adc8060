package io.madang.runtime.membership;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What other nodes' forward-only clocks show, at least, as a plain object. One writer: the mesh loop.
 *
 * <p>A beat carries its sender's clock. It was read before the beat came, so the sender's clock is never behind what the beat
 * says; of all beats the one that was fastest on its way tells most. Two clocks may drift apart, so what was learned is trusted
 * a thousandth less per time passed, which is more than clocks are slewed by.
 */
public final class NodeClocks {
  private static final long DRIFT = 1_000;

  /** How far a node's clock is ahead of ours, at least, and when that was learned. */
  private record Lead(long ms, long learnedAtMs) {
    long at(long nowMs) {
      return ms - (nowMs - learnedAtMs) / DRIFT - 1;
    }
  }

  private final Map<String, Lead> leads = new HashMap<>();

  /** A beat came that says {@code clockMs}. */
  public void heard(String node, long clockMs, long nowMs) {
    Lead known = leads.get(node);
    long lead = clockMs - nowMs;
    if (known == null || lead >= known.at(nowMs)) {
      leads.put(node, new Lead(lead, nowMs));
    }
  }

  /** What the node's clock shows now, or a little less; empty when it was never heard. */
  public OptionalLong now(String node, long nowMs) {
    Lead lead = leads.get(node);
    return lead == null ? OptionalLong.empty() : OptionalLong.of(nowMs + lead.at(nowMs));
  }

  public void onGone(String node) {
    leads.remove(node);
  }
}
