package io.madang.benchmarks.run;

import io.madang.benchmarks.report.Figures;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
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
    private Phase with(Phase other) {
      answers.add(other.answers);
      other.heard.forEach((group, more) -> heard.merge(group, more, (mine, theirs) -> {
        mine.add(theirs);
        return mine;
      }));
      return new Phase(name, sent + other.sent, accepted + other.accepted, answers, heard);
    }

    public long deliveries(String group) {
      return heard.get(group).getTotalCount();
    }
  }

  /** Of all processes together, which have the same phases. */
  static GeneratorReport of(List<JsonObject> processes) {
    List<Phase> phases = new ArrayList<>();
    JsonObject check = new JsonObject();
    JsonArray complaints = new JsonArray();
    BitSet accepted = new BitSet();
    BitSet seen = new BitSet();
    for (JsonObject process : processes) {
      JsonArray own = process.getJsonArray("phases");
      for (int i = 0; i < own.size(); i++) {
        if (i == phases.size()) {
          phases.add(phase(own.getJsonObject(i)));
        } else {
          phases.set(i, phases.get(i).with(phase(own.getJsonObject(i))));
        }
      }
      JsonObject ownCheck = process.getJsonObject("check");
      for (String fault : FAULTS) {
        check.put(fault, check.getLong(fault, 0L) + ownCheck.getLong(fault, 0L));
      }
      complaints.addAll(ownCheck.getJsonArray("complaints"));
      accepted.or(BitSet.valueOf(ownCheck.getBinary("accepted")));
      seen.or(BitSet.valueOf(ownCheck.getBinary("seen")));
    }
    accepted.andNot(seen);
    check.put("unheard", (long) accepted.cardinality()).put("complaints", complaints);
    return new GeneratorReport(phases, check);
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
