package io.madang.dashboard.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.contracts.dashboard.MetricName;
import io.madang.contracts.dashboard.MetricSummary;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SummariesTest {
  @Test
  void counts_the_points_that_have_a_number() {
    MetricSummary summary = Summaries.of(
        MetricName.HEAP_MB,
        List.of(
            "[1000,null]", "[2000,4]", "[3000,-1.5]", "[4000,null]", "[5000,2]", "[6000,null]"));

    assertThat(summary.points()).isEqualTo(3);
    assertThat(summary.range())
        .contains(new MetricSummary.Range(
            Instant.ofEpochSecond(2), Instant.ofEpochSecond(5), -1.5, 4, 1.5, 2));
  }

  @Test
  void says_nothing_of_no_points() {
    assertThat(Summaries.of(MetricName.HEAP_MB, List.of("[1000,null]")).range()).isEmpty();
  }
}
