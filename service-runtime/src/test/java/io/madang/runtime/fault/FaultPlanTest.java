package io.madang.runtime.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.runtime.fault.FaultPlan.Shares;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FaultPlanTest {
  @Test
  void is_read_whole() {
    JsonObject json = new JsonObject("""
        {"seed": 7, "dieBeforePublishing": 400,
         "messages": {"Batch": {"drop": 5, "double": 4, "delay": 2.5, "delayMs": 300}}}
        """);

    assertThat(FaultPlan.from(json))
        .isEqualTo(
            new FaultPlan(7, Map.of("Batch", new Shares(5, 4, 2.5, 300)), OptionalInt.of(400)));
  }

  @Test
  void leaves_out_what_is_not_said() {
    assertThat(FaultPlan.from(new JsonObject())).isEqualTo(FaultPlan.NOTHING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"seeds\": 7}",
        "{\"messages\": {\"Batch\": {\"dorp\": 5}}}",
        "{\"messages\": {\"Batch\": {\"drop\": 50, \"double\": 51}}}",
        "{\"messages\": {\"Batch\": {\"drop\": -1}}}",
        "{\"messages\": {\"Batch\": {\"delay\": 1, \"delayMs\": 0}}}",
        "{\"messages\": {\"Batch\": 5}}",
        "{\"dieBeforePublishing\": \"soon\"}"
      })
  void refuses_what_would_not_happen_as_it_is_written(String plan) {
    JsonObject json = new JsonObject(plan);

    assertThatThrownBy(() -> FaultPlan.from(json)).isInstanceOf(IllegalArgumentException.class);
  }
}
