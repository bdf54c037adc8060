package io.madang.benchmarks.scenario;

import io.madang.benchmarks.report.Figures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The usual course of a run: the load warms up, is measured, and is heard to its end. */
final class Measuring {
  static final String HEARING = "hearing";
  static final String SENDING = "sending";
  static final String MEASURED = "measured";
  private static final Duration QUIET = Duration.ofSeconds(10);

  /** Between the end of the measured time and that of the load, so that the end is not measured. */
  private static final int TAIL_SECONDS = 1;

  private Measuring() {}

  /** Takes what all processes have used. */
  interface CostMeter {
    Costs read() throws IOException;
  }

  /**
   * Loads and measures.
   *
   * @param hearersOfEach clients that hear each message
   */
  static Figures run(
      Generator generator,
      CostMeter meter,
      List<String> fanningOut,
      LoadOptions load,
      String topic,
      int hearersOfEach)
      throws IOException {
    int seconds = load.warmUpSeconds() + load.seconds() + TAIL_SECONDS;
    generator.send(SENDING, topic, load.topics(), load, seconds);
    Stage.pause(Duration.ofSeconds(load.warmUpSeconds()));
    generator.phase(MEASURED);
    Costs before = meter.read();
    Stage.pause(Duration.ofSeconds(load.seconds()));
    generator.phase("tail");
    Costs after = meter.read();
    generator.settle(QUIET);

    Heard heard = generator.report();
    Heard.Phase measured = heard.phase(MEASURED);
    Figures figures = new Figures();
    put(figures, measured, after.secondsSince(before), hearersOfEach);
    after.put(figures, before, fanningOut, measured.deliveries(HEARING));
    heard.judge(figures);
    return figures;
  }

  private static void put(Figures figures, Heard.Phase measured, double seconds, int hearers) {
    long deliveries = measured.deliveries(HEARING);
    long expected = measured.accepted() * hearers;
    figures.put("seconds", seconds);
    figures.count("messages", measured.sent());
    figures.count("accepted", measured.accepted());
    figures.put("accepted per s", measured.accepted() / seconds);
    figures.count("deliveries", deliveries);
    figures.count("expected deliveries", expected);
    figures.put("deliveries per s", deliveries / seconds);
    figures.latency("", measured.heard().get(HEARING));
    figures.latency("answer", measured.answers());
    if (deliveries != expected || measured.sent() != measured.accepted()) {
      figures.fail("%d of %d messages accepted, %d of %d deliveries"
          .formatted(measured.accepted(), measured.sent(), deliveries, expected));
    }
  }
}
