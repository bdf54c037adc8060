package io.madang.dashboard.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.contracts.dashboard.MetricName;
import io.madang.contracts.dashboard.MetricSample;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AlertRuleTest {
  @Test
  void is_broken_beyond_its_limit_and_not_at_it() {
    AlertRule above = AlertRule.parse(" errorRate > 0.05 ");
    AlertRule below = AlertRule.parse("connections<-1");

    assertThat(above.text()).isEqualTo("errorRate>0.05");
    assertThat(above.isBrokenBy(0.051)).isTrue();
    assertThat(above.isBrokenBy(0.05)).isFalse();
    assertThat(below.isBrokenBy(-1.5)).isTrue();
    assertThat(below.isBrokenBy(-1)).isFalse();
  }

  @Test
  void judges_nothing_where_its_metric_has_no_value() {
    AlertRule rule = AlertRule.parse("averageSize>1");

    assertThat(rule.valueIn(Map.of())).isEmpty();
    assertThat(rule.valueIn(Map.of(
            MetricName.AVERAGE_SIZE, new MetricSample(OptionalDouble.empty(), Map.of(), Map.of()))))
        .isEmpty();
    assertThat(rule.valueIn(Map.of(
            MetricName.AVERAGE_SIZE, new MetricSample(OptionalDouble.of(3), Map.of(), Map.of()))))
        .hasValue(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "errorRate", "errorRate>", "errorRate=1", "errorRate>1e9", ">1"})
  void of_another_form_is_refused(String text) {
    assertThatThrownBy(() -> AlertRule.parse(text)).hasMessageStartingWith("must be rules like");
  }

  @Test
  void of_no_metric_is_refused() {
    assertThatThrownBy(() -> AlertRule.parse("happiness<1"))
        .hasMessage("must be about metrics, which happiness is none of");
  }
}
