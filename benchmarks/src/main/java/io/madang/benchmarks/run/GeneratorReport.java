package io.madang.benchmarks.run;

import io.madang.benchmarks.report.Figures;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** What a generator reports: its phases in order, and what was not as promised. */
public record GeneratorReport(List<Phase> phases, JsonObject check) {
  /** What of a check makes a run fail. */
  private static final List<String> FAULTS = List.of(
      "lost", "doubled", "reordered", "holes", "unheard", "differing", "gaps", "refusals", "ends");

  /**
   * One phase.
   *
   * @param accepted messages due in it whose sender got a good answer
   * @param answers how long that took, microseconds
   * @param heard deliveries by group of clients: how late each was, microseconds
   */
  public record Phase(
      String name, long sent, long accepted, Histogram answers, Map<String, Histogram> heard) {
    public long deliveries(String group) {
      return heard.get(group).getTotalCount();
    }
  }

  public static GeneratorReport of(JsonObject report) {
    return new GeneratorReport(
        report.getJsonArray("phases").stream()
            .map(phase -> phase((JsonObject) phase))
            .toList(),
        report.getJsonObject("check"));
  }

  private static Phase phase(JsonObject phase) {
    Map<String, Histogram> heard = new LinkedHashMap<>();
    phase
        .getJsonObject("heard")
        .forEach(each -> heard.put(each.getKey(), decoded((String) each.getValue())));
    return new Phase(
        phase.getString("name"),
        phase.getLong("sent"),
        phase.getLong("accepted"),
        decoded(phase.getString("answers")),
        heard);
  }

  public static Histogram decoded(String encoded) {
    try {
      return Histogram.decodeFromCompressedByteBuffer(
          ByteBuffer.wrap(Base64.getDecoder().decode(encoded)), 0);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("no histogram", e);
    }
  }

  public Phase phase(String name) {
    return phases.stream()
        .filter(phase -> phase.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Puts the check's counts, and fails the run for each that is not 0. */
  public void judge(Figures figures) {
    for (String fault : FAULTS) {
      long count = check.getLong(fault);
      figures.count(fault, count);
      if (count != 0) {
        figures.fail(count + " " + fault);
      }
    }
    check.getJsonArray("complaints").forEach(each -> figures.note("Said: " + each));
  }
}
