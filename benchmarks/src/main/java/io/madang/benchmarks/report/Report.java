package io.madang.benchmarks.report;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Some runs of one load.
 *
 * @param at when they ended
 * @param name of the load
 * @param load how much it was
 * @param settings of the product that were not as they come
 */
public record Report(
    Instant at,
    String commit,
    String name,
    Map<String, Object> load,
    Map<String, String> settings,
    List<Figures> runs) {

  /** Whether nothing was heard wrong in any run. */
  public boolean isClean() {
    return runs.stream().allMatch(run -> run.failures().isEmpty());
  }

  /** The figure that as many runs are above as below; of two runs the mean. NaN when no run has it. */
  public double median(String figure) {
    double[] sorted = runs.stream()
        .filter(run -> run.numbers().containsKey(figure))
        .mapToDouble(run -> run.get(figure))
        .sorted()
        .toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** A line for each figure: the median, and of several runs each. */
  public String table() {
    List<String> lines = new ArrayList<>();
    lines.add(name + " " + load);
    for (String figure : figures()) {
      StringBuilder line =
          new StringBuilder("  %-32s %14s".formatted(figure, number(median(figure))));
      if (runs.size() > 1) {
        line.append("   of");
        runs.stream()
            .filter(run -> run.numbers().containsKey(figure))
            .forEach(run -> line.append(' ').append(number(run.get(figure))));
      }
      lines.add(line.toString());
    }
    for (Figures run : runs) {
      run.notes().forEach(note -> lines.add("  " + note));
      lines.add(
          run.failures().isEmpty()
              ? "  Checked: every client heard every message once and in order."
              : "  NOT AS PROMISED: " + String.join(", ", run.failures()));
    }
    return String.join("\n", lines);
  }

  /** Names of all figures that some run has; a run that broke off has none. */
  private Set<String> figures() {
    Set<String> names = new LinkedHashSet<>();
    runs.forEach(run -> names.addAll(run.numbers().keySet()));
    return names;
  }

  static String number(double value) {
    if (value == Math.rint(value) || Math.abs(value) >= 1_000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, Math.abs(value) < 1 ? "%.4f" : "%.2f", value);
  }

  public JsonObject json() {
    JsonArray all = new JsonArray();
    for (Figures run : runs) {
      all.add(new JsonObject()
          .put("figures", new JsonObject(new LinkedHashMap<>(run.numbers())))
          .put("notes", new JsonArray(run.notes()))
          .put("failures", new JsonArray(run.failures())));
    }
    JsonObject medians = new JsonObject();
    figures().forEach(figure -> medians.put(figure, median(figure)));
    return new JsonObject()
        .put("at", at.toString())
        .put("commit", commit)
        .put("scenario", name)
        .put("machine", machine())
        .put("load", new JsonObject(load))
        .put("settings", new JsonObject(new LinkedHashMap<>(settings)))
        .put("medians", medians)
        .put("runs", all);
  }

  private static JsonObject machine() {
    return new JsonObject()
        .put("processors", Runtime.getRuntime().availableProcessors())
        .put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"))
        .put("jvm", System.getProperty("java.vm.name") + " " + Runtime.version())
        .put("loadAverage", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }
}
