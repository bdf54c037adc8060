package io.madang.runtime.metrics;

import io.madang.runtime.topic.Payload;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The meters of the product, those named {@code madang.…}, as one JSON object from {@code name{tag=value,…}} to a number.
 * Counters and buckets only grow during one life of the process; a timer gives {@code .count}, {@code .sum} in seconds and
 * cumulative {@code .bucket{le=<seconds>,…}}.
 */
public final class CountersJson {
  private static final String OURS = "madang.";

  private CountersJson() {}

  public static Payload of(MeterRegistry registry) {
    Map<String, Double> values = new TreeMap<>();
    for (Meter meter : registry.getMeters()) {
      if (meter.getId().getName().startsWith(OURS)) {
        put(values, meter);
      }
    }
    return Payload.ofJson(values.entrySet().stream()
        .filter(entry -> Double.isFinite(entry.getValue()))
        .map(entry -> quoted(entry.getKey()) + ":" + number(entry.getValue()))
        .collect(Collectors.joining(",", "{", "}")));
  }

  private static void put(Map<String, Double> values, Meter meter) {
    Meter.Id id = meter.getId();
    if (meter instanceof Counter counter) {
      values.put(key(id, "", ""), counter.count());
    } else if (meter instanceof FunctionCounter counter) {
      values.put(key(id, "", ""), counter.count());
    } else if (meter instanceof Gauge gauge) {
      values.put(key(id, "", ""), gauge.value());
    } else if (meter instanceof Timer timer) {
      values.put(key(id, MeterNames.COUNT, ""), (double) timer.count());
      values.put(key(id, MeterNames.SUM, ""), timer.totalTime(TimeUnit.SECONDS));
      for (CountAtBucket bucket : timer.takeSnapshot().histogramCounts()) {
        String upTo = MeterNames.UP_TO + "=" + number(bucket.bucket(TimeUnit.SECONDS));
        values.put(key(id, MeterNames.BUCKET, upTo), bucket.count());
      }
    }
  }

  private static String key(Meter.Id id, String suffix, String firstTag) {
    String tags = id.getTags().stream()
        .map((Tag tag) -> tag.getKey() + "=" + tag.getValue())
        .collect(Collectors.joining(","));
    String all = firstTag.isEmpty() || tags.isEmpty() ? firstTag + tags : firstTag + "," + tags;
    return id.getName() + suffix + (all.isEmpty() ? "" : "{" + all + "}");
  }

  /** Names and tags are our own and hold neither quotes nor backslashes; still nothing may break the JSON. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
