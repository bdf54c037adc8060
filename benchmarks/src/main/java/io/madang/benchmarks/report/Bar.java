package io.madang.benchmarks.report;

import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * One thing the product is held to: a figure of a load's median run is at least, or at most, something that may depend on other
 * figures of the same session.
 *
 * @param load name of the load
 * @param figure whose median counts
 * @param atLeast or at most
 * @param limit from the reports by name of the load; NaN when what it depends on was not measured
 */
public record Bar(
    String load, String figure, boolean atLeast, ToDoubleFunction<Map<String, Report>> limit) {

  public static Bar atLeast(String load, String figure, double limit) {
    return new Bar(load, figure, true, reports -> limit);
  }

  public static Bar atMost(String load, String figure, double limit) {
    return new Bar(load, figure, false, reports -> limit);
  }

  /** At least so many times another load's figure. */
  public static Bar atLeastTimes(String load, String figure, double times, String other) {
    return new Bar(
        load,
        figure,
        true,
        reports ->
            reports.containsKey(other) ? times * reports.get(other).median(figure) : Double.NaN);
  }

  /** At most so many times another figure of the same load, or that much more, whichever is more. */
  public static Bar atMostAbove(
      String load, String figure, String other, double times, double more) {
    return new Bar(load, figure, false, reports -> {
      double usual = reports.get(load).median(other);
      return Math.max(times * usual, usual + more);
    });
  }

  /** What came of it. */
  public enum Outcome {
    HELD,
    MISSED,
    /** A run of the load heard something wrong or broke off, whatever its figures. */
    FAILED,
    NOT_MEASURED
  }

  public Outcome outcome(Map<String, Report> reports) {
    if (!reports.containsKey(load)) {
      return Outcome.NOT_MEASURED;
    }
    Report report = reports.get(load);
    double measured = report.median(figure);
    double bound = limit.applyAsDouble(reports);
    if (!report.isClean()) {
      return Outcome.FAILED;
    }
    if (Double.isNaN(measured) || Double.isNaN(bound)) {
      return Outcome.NOT_MEASURED;
    }
    return (atLeast ? measured >= bound : measured <= bound) ? Outcome.HELD : Outcome.MISSED;
  }

  /** A row of the table. */
  public String inWords(Map<String, Report> reports) {
    boolean measured = reports.containsKey(load);
    return "%-16s %-34s %s %12s %14s  %s"
        .formatted(
            load,
            figure,
            atLeast ? ">=" : "<=",
            measured ? Report.number(limit.applyAsDouble(reports)) : "?",
            measured ? Report.number(reports.get(load).median(figure)) : "?",
            outcome(reports).name().toLowerCase(Locale.ROOT).replace('_', ' '));
  }
}
