package io.madang.distribution.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.launch.ProcessStartException;
import io.madang.runtime.store.StoreStartException;
import java.net.BindException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StartProblemTest {
  @Test
  void of_a_store_is_told_without_what_was_wrapped_around_it() {
    Throwable store = new StoreStartException("the store is away; start it", null);
    Throwable wrapped = new ProcessStartException("the role x did not start: …", store);
    assertThat(StartProblem.sentence(wrapped)).isEqualTo("The store is away; start it.");
  }

  @Test
  void of_a_port_names_the_settings_to_change() {
    Throwable wrapped = new ProcessStartException("…", new BindException("Address in use"));
    assertThat(StartProblem.sentence(wrapped)).contains("(Address in use)").contains("_PORT");
  }

  @Test
  void of_a_role_is_told_as_one_line() {
    assertThat(StartProblem.sentence(new ProcessStartException("the role x did not\n start", null)))
        .isEqualTo("The role x did not start.");
  }

  @Test
  void that_is_our_own_fault_says_so() {
    assertThat(StartProblem.sentence(new IllegalStateException("impossible")))
        .startsWith("Madang has a fault and cannot start (")
        .contains("impossible");
  }
}
