package io.madang.benchmarks.run;

import java.io.IOException;
import java.util.Map;

/**
 * What is looked at while a load runs.
 *
 * @param costs of all processes at the moment
 * @param fanningOut by name, the processes that have the clients: their processor time counts for a delivery
 */
public record Meter(Reading costs, Map<String, Long> fanningOut) {
  /** Takes what all processes have used. */
  public interface Reading {
    Costs now() throws IOException;
  }
}
