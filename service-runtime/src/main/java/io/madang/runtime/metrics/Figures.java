package io.madang.runtime.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The counters by which an operator sees what was lost and mended, summed over their other tags: the same that the metrics show. */
public final class Figures {
  /**
   * @param name in what is told
   * @param meter that is read
   * @param outcome only counters with it; absent: all of them
   */
  private record Figure(String name, String meter, Optional<String> outcome) {
    boolean isOf(Meter.Id id) {
      return id.getName().equals(meter)
          && outcome.map(of -> of.equals(id.getTag(MeterNames.OUTCOME))).orElse(true);
    }
  }

  private static final List<Figure> ALL = List.of(
      figure("holesRepaired", MeterNames.HOLES),
      figure("holesRepairedBySender", MeterNames.HOLES, MeterNames.FROM_SENDER),
      figure("gaps", MeterNames.GAPS),
      figure("catchUps", MeterNames.CATCH_UPS),
      figure("catchUpsMerged", MeterNames.CATCH_UPS, MeterNames.FROM_ANOTHER),
      figure("catchUpsFromRecent", MeterNames.CATCH_UPS, MeterNames.FROM_RECENT),
      figure("batchesSent", MeterNames.BATCHES, MeterNames.SENT),
      figure("batchesResent", MeterNames.BATCHES, MeterNames.RESENT),
      figure("batchesGivenUp", MeterNames.BATCHES, MeterNames.GIVEN_UP),
      figure("blockades", MeterNames.BATCHES, MeterNames.BLOCKED),
      figure("publicationsLeftOut", MeterNames.UNSENT, MeterNames.LEFT_OUT));

  private Figures() {}

  private static Figure figure(String name, String meter) {
    return new Figure(name, meter, Optional.empty());
  }

  private static Figure figure(String name, String meter, String outcome) {
    return new Figure(name, meter, Optional.of(outcome));
  }

  /** Name to count; those that this process does not count are not there. */
  public static Map<String, Long> of(MeterRegistry registry) {
    Map<String, Long> counts = new TreeMap<>();
    for (Meter meter : registry.getMeters()) {
      if (meter instanceof Counter counter) {
        ALL.stream()
            .filter(figure -> figure.isOf(meter.getId()))
            .forEach(figure -> counts.merge(figure.name(), (long) counter.count(), Long::sum));
      }
    }
    return counts;
  }
}
