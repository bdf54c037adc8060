package io.madang.benchmarks.run;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Clients whose connection ended and who come back.
 *
 * @param away who is not there yet
 * @param tookMs from the first end until the last one was back
 * @param times how long each was away, microseconds
 * @param reasons how often connections ended or attempts failed, by the reason
 */
public record Returned(int away, long tookMs, Histogram times, Map<String, Integer> reasons) {
  static Returned of(List<JsonObject> processes) {
    int away = 0;
    long tookMs = 0;
    Histogram times = GeneratorReport.decoded(processes.get(0).getString("times"));
    times.reset();
    Map<String, Integer> reasons = new TreeMap<>();
    for (JsonObject each : processes) {
      away += each.getInteger("away");
      tookMs = Math.max(tookMs, each.getLong("tookMs"));
      times.add(GeneratorReport.decoded(each.getString("times")));
      each.getJsonObject("reasons")
          .forEach(
              reason -> reasons.merge(reason.getKey(), (Integer) reason.getValue(), Integer::sum));
    }
    return new Returned(away, tookMs, times, reasons);
  }

  public int ends() {
    return reasons.values().stream().mapToInt(Integer::intValue).sum();
  }
}
