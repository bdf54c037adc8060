package io.madang.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.benchmarks.BenchArguments.BadArgumentsException;
import io.madang.benchmarks.run.LoadOptions;
import io.madang.benchmarks.scenario.Scenarios;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BenchArgumentsTest {
  private static final LoadOptions USUAL = Scenarios.all().get("fan-out").usual();

  @Test
  void leave_as_usual_what_they_do_not_name() throws BadArgumentsException {
    assertThat(BenchArguments.parse(List.of(), USUAL).load()).isEqualTo(USUAL);
    assertThat(BenchArguments.parse(List.of(), USUAL).runs()).isEqualTo(1);
  }

  @Test
  void change_what_they_name() throws BadArgumentsException {
    BenchArguments.Asked asked = BenchArguments.parse(
        List.of("--clients", "7", "--through", "bench", "--rate", "9", "--runs", "3"), USUAL);

    assertThat(asked.load()).isEqualTo(USUAL.withClients(7).withThrough("bench").withRate(9));
    assertThat(asked.runs()).isEqualTo(3);
  }

  @Test
  void are_refused_with_everything_that_is_wrong() {
    assertThatThrownBy(() -> BenchArguments.parse(
            List.of("--clients", "many", "--seconds", "0", "--colour", "red", "--rate"), USUAL))
        .isInstanceOf(BadArgumentsException.class)
        .hasMessageContaining("--clients is a whole number")
        .hasMessageContaining("--seconds is a whole number")
        .hasMessageContaining("There is no argument --colour here.")
        .hasMessageContaining("--rate needs a value.");
  }

  @Test
  void of_all_change_no_load() throws BadArgumentsException {
    assertThat(BenchArguments.parseAll(List.of("--runs", "3", "--only", "send")).only())
        .isEqualTo("send");
    assertThatThrownBy(() -> BenchArguments.parseAll(List.of("--rate", "1")))
        .isInstanceOf(BadArgumentsException.class)
        .hasMessageContaining("There is no argument --rate here.");
  }
}
