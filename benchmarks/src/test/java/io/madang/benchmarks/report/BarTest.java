package io.madang.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.benchmarks.report.Bar.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BarTest {
  private static Report report(Figures... runs) {
    return new Report(Instant.EPOCH, "abc", "load", Map.of(), Map.of(), List.of(runs));
  }

  private static Figures figures(double speed, double before, double after) {
    return new Figures().put("speed", speed).put("before", before).put("after", after);
  }

  @Test
  void is_held_by_the_median() {
    Map<String, Report> reports =
        Map.of("ours", report(figures(9, 0, 0), figures(10, 0, 0), figures(2, 0, 0)));

    assertThat(Bar.atLeast("ours", "speed", 9).outcome(reports)).isEqualTo(Outcome.HELD);
    assertThat(Bar.atLeast("ours", "speed", 9.5).outcome(reports)).isEqualTo(Outcome.MISSED);
    assertThat(Bar.atMost("ours", "speed", 9).outcome(reports)).isEqualTo(Outcome.HELD);
    assertThat(Bar.atMost("ours", "speed", 8).outcome(reports)).isEqualTo(Outcome.MISSED);
  }

  @Test
  void may_be_a_multiple_of_what_another_load_reached() {
    Map<String, Report> reports =
        Map.of("ours", report(figures(25, 0, 0)), "others", report(figures(10, 0, 0)));

    assertThat(Bar.atLeastTimes("ours", "speed", 2.5, "others").outcome(reports))
        .isEqualTo(Outcome.HELD);
    assertThat(Bar.atLeastTimes("ours", "speed", 2.6, "others").outcome(reports))
        .isEqualTo(Outcome.MISSED);
    assertThat(Bar.atLeastTimes("ours", "speed", 2, "nobody").outcome(reports))
        .isEqualTo(Outcome.NOT_MEASURED);
  }

  @Test
  void may_allow_a_multiple_or_some_more_of_what_was_before() {
    Map<String, Report> reports =
        Map.of("few", report(figures(0, 4, 14)), "many", report(figures(0, 100, 151)));

    assertThat(Bar.atMostAbove("few", "after", "before", 1.5, 10).outcome(reports))
        .isEqualTo(Outcome.HELD);
    assertThat(Bar.atMostAbove("many", "after", "before", 1.5, 10).outcome(reports))
        .isEqualTo(Outcome.MISSED);
  }

  @Test
  void is_not_held_by_a_run_that_heard_something_wrong() {
    Figures wrong = figures(10, 0, 0);
    wrong.fail("1 lost");

    assertThat(Bar.atLeast("ours", "speed", 1).outcome(Map.of("ours", report(wrong))))
        .isEqualTo(Outcome.FAILED);
  }

  @Test
  void is_not_held_by_a_load_that_was_not_run_or_has_no_such_figure() {
    Bar bar = Bar.atLeast("ours", "height", 1);

    assertThat(bar.outcome(Map.of())).isEqualTo(Outcome.NOT_MEASURED);
    assertThat(bar.outcome(Map.of("ours", report(figures(1, 1, 1)))))
        .isEqualTo(Outcome.NOT_MEASURED);
  }
}
