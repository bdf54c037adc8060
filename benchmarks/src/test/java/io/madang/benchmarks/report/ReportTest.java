package io.madang.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReportTest {
  private static Figures run(double value) {
    return new Figures().put("deliveries per s", value);
  }

  private static Report of(Figures... runs) {
    return new Report(
        Instant.parse("2026-11-21T13:00:00Z"),
        "abc",
        "fan-out",
        Map.of("clients", 10),
        Map.of("MADANG_COMMAND_RATE", "1000000"),
        List.of(runs));
  }

  @Test
  void tells_the_median_of_its_runs() {
    assertThat(of(run(3), run(1), run(20)).median("deliveries per s")).isEqualTo(3);
    assertThat(of(run(3), run(1)).median("deliveries per s")).isEqualTo(2);
  }

  @Test
  void shows_each_run_beside_the_median() {
    assertThat(of(run(3), run(1), run(20)).table()).contains("3   of 3 1 20");
  }

  @Test
  void is_not_clean_when_one_run_heard_something_wrong() {
    Figures wrong = run(1);
    wrong.fail("2 lost");

    assertThat(of(run(1), wrong).isClean()).isFalse();
    assertThat(of(run(1), wrong).table()).contains("NOT AS PROMISED: 2 lost");
    assertThat(of(run(1), run(1)).isClean()).isTrue();
  }

  @Test
  void keeps_what_is_there(@TempDir Path directory) throws IOException {
    ResultFiles files = new ResultFiles(directory);

    Path first = files.write(of(run(1)));
    Path second = files.write(of(run(2)));

    assertThat(first.getFileName()).hasToString("2026-11-21-fan-out.json");
    assertThat(second.getFileName()).hasToString("2026-11-21-fan-out-2.json");
    assertThat(Files.readString(second))
        .contains("\"deliveries per s\" : 2.0")
        .contains("\"MADANG_COMMAND_RATE\" : \"1000000\"");
  }

  @Test
  void draws_each_latency_that_has_any() {
    Histogram some = new Histogram(1_000_000, 3);
    some.recordValue(1_000);
    some.recordValue(50_000);
    Histogram none = new Histogram(1_000_000, 3);

    String svg = new Plot("a < b", Map.of("some", some, "none", none)).svg();

    assertThat(svg).startsWith("<svg").contains("a &lt; b").contains(">some<").endsWith("</svg>\n");
    assertThat(svg.split("<polyline", -1)).hasSize(2);
    assertThat(svg).doesNotContain("NaN").doesNotContain("Infinity");
  }

  @Test
  void draws_a_later_message_higher() {
    Histogram micros = new Histogram(1_000_000, 3);
    micros.recordValue(1_000);
    micros.recordValue(100_000);

    String svg = new Plot("t", Map.of("some", micros)).svg();

    String points = svg.substring(svg.indexOf("points=\"") + 8);
    double first =
        Double.parseDouble(points.substring(points.indexOf(',') + 1, points.indexOf(' ')));
    String last = points.substring(0, points.indexOf('"'));
    double end = Double.parseDouble(last.substring(last.lastIndexOf(',') + 1));
    assertThat(end).isLessThan(first);
  }
}
