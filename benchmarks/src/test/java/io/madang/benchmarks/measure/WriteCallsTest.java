package io.madang.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WriteCallsTest {
  @Test
  void add_up_over_all_calls() {
    assertThat(WriteCalls.sum("""
        12,,syscalls:sys_enter_write,3000,100.00,,
        0,,syscalls:sys_enter_writev,3000,100.00,,
        30,,syscalls:sys_enter_sendto,3000,100.00,,
        """)).hasValue(42);
  }

  @Test
  void are_unknown_when_one_was_not_counted() {
    assertThat(WriteCalls.sum("""
        12,,syscalls:sys_enter_write,3000,100.00,,
        <not counted>,,syscalls:sys_enter_sendto,0,100.00,,
        """)).isEmpty();
  }

  @Test
  void are_unknown_when_nothing_was_said() {
    assertThat(WriteCalls.sum("event syntax error: unknown tracepoint\n")).isEmpty();
  }
}
