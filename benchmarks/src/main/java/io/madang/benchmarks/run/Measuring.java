package io.madang.benchmarks.run;

import io.madang.benchmarks.measure.WriteCalls;
import io.madang.benchmarks.report.Figures;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** The usual course of a run: the load warms up, is measured, and is heard to its end. */
public final class Measuring {
  public static final String HEARING = "hearing";
  public static final String SENDING = "sending";
  public static final String MEASURED = "measured";
  private static final String SAMPLED = "sampled";
  private static final Duration QUIET = Duration.ofSeconds(10);

  /** Between the end of the measured time and that of the load, so that the end is not measured. */
  private static final int TAIL_SECONDS = 1;

  /** How long calls of the kernel are counted. */
  private static final int SAMPLE_SECONDS = 3;

  private Measuring() {}

  /**
   * Loads and measures.
   *
   * @param hearersOfEach clients that hear each message
   */
  public static Figures run(
      Generator generator, Meter meter, LoadOptions load, String topic, int hearersOfEach)
      throws IOException {
    int seconds = load.warmUpSeconds() + SAMPLE_SECONDS + load.seconds() + TAIL_SECONDS;
    generator.send(SENDING, topic, load.topics(), load, seconds);
    Stage.pause(Duration.ofSeconds(load.warmUpSeconds()));
    generator.phase(SAMPLED);
    Optional<Long> writes = sampleWrites(meter);
    generator.phase(MEASURED);
    Costs before = meter.costs().now();
    Stage.pause(Duration.ofSeconds(load.seconds()));
    generator.phase("tail");
    Costs after = meter.costs().now();
    generator.settle(QUIET);

    GeneratorReport heard = generator.report();
    GeneratorReport.Phase measured = heard.phase(MEASURED);
    Figures figures = new Figures();
    put(figures, measured, after.secondsSince(before), hearersOfEach);
    after.put(figures, before, meter.fanningOut().keySet(), measured.deliveries(HEARING));
    long sampled = heard.phase(SAMPLED).deliveries(HEARING);
    writes.ifPresent(
        calls -> figures.put("writes per delivery", (double) calls / Math.max(1, sampled)));
    heard.judge(figures);
    return figures;
  }

  /** Before the measured time, as counting costs the counted. Empty where it cannot be counted; then it took no time. */
  private static Optional<Long> sampleWrites(Meter meter) {
    OptionalLong calls =
        WriteCalls.during(Duration.ofSeconds(SAMPLE_SECONDS), meter.fanningOut().values());
    return calls.isPresent() ? Optional.of(calls.getAsLong()) : Optional.empty();
  }

  private static void put(
      Figures figures, GeneratorReport.Phase measured, double seconds, int hearers) {
    long deliveries = measured.deliveries(HEARING);
    long expected = measured.accepted() * hearers;
    figures.put("seconds", seconds);
    figures.count("messages", measured.sent());
    figures.count("accepted", measured.accepted());
    figures.put("accepted per s", measured.accepted() / seconds);
    figures.count("deliveries", deliveries);
    figures.count("expected deliveries", expected);
    figures.put("deliveries per s", deliveries / seconds);
    figures.put("delivered %", 100.0 * deliveries / Math.max(1, measured.sent() * hearers));
    figures.latency("", measured.heard().get(HEARING));
    figures.latency("answer", measured.answers());
    if (deliveries != expected || measured.sent() != measured.accepted()) {
      figures.fail("%d of %d messages accepted, %d of %d deliveries"
          .formatted(measured.accepted(), measured.sent(), deliveries, expected));
    }
  }
}
