package io.madang.dashboard.alert;

import io.madang.contracts.dashboard.MetricName;
import io.madang.contracts.dashboard.MetricSample;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A limit of a metric.
 *
 * @param text as the operator wrote it, without white space
 * @param above whether a value above the limit breaks it, else one below
 */
public record AlertRule(String text, MetricName metric, boolean above, double limit) {
  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9]{1,64})([<>])(-?[0-9]{1,15}(?:\\.[0-9]{1,9})?)");

  /**
   * Reads {@code <metric>><number>} or {@code <metric><<number>}.
   *
   * @throws IllegalArgumentException with a text that begins with "must be"
   */
  public static AlertRule parse(String text) {
    String rule = text.replaceAll("\\s", "");
    Matcher matcher = FORM.matcher(rule);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "must be rules like errorRate>0.05 or connections<1, separated by commas");
    }
    MetricName metric = MetricName.of(matcher.group(1))
        .orElseThrow(() -> new IllegalArgumentException(
            "must be about metrics, which " + matcher.group(1) + " is none of"));
    return new AlertRule(
        rule, metric, matcher.group(2).equals(">"), Double.parseDouble(matcher.group(3)));
  }

  /** The metric's value; empty when it has none this second, which breaks nothing and mends nothing. */
  public OptionalDouble valueIn(Map<MetricName, MetricSample> samples) {
    MetricSample sample = samples.get(metric);
    return sample == null ? OptionalDouble.empty() : sample.value();
  }

  public boolean isBrokenBy(double value) {
    return above ? value > limit : value < limit;
  }
}
