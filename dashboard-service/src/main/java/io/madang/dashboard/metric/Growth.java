package io.madang.dashboard.metric;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** How much one process's counters grew from one moment to the next. */
final class Growth {
  private final Counters before;
  private final Counters after;

  Growth(Counters before, Counters after) {
    this.before = before;
    this.after = after;
  }

  /** Growth of a name over those of its meters that count. */
  double total(String name, Predicate<Counters.Meter> counts) {
    return by(name, counts::test).getOrDefault(true, 0.0);
  }

  /** Growth of a name, added up by a key of its tags. */
  <K> Map<K, Double> by(String name, Function<Counters.Meter, K> key) {
    Map<Map<String, String>, Double> old = new HashMap<>();
    before.meters(name).forEach(meter -> old.put(meter.tags(), meter.value()));
    Map<K, Double> growth = new HashMap<>();
    for (Counters.Meter meter : after.meters(name)) {
      growth.merge(
          key.apply(meter), grown(old.getOrDefault(meter.tags(), 0.0), meter.value()), Double::sum);
    }
    return growth;
  }

  /** A counter that is lower than before began again at zero. */
  private static double grown(double from, double to) {
    return to >= from ? to - from : to;
  }
}
