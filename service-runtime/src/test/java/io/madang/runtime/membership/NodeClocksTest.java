package io.madang.runtime.membership;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NodeClocksTest {
  private final NodeClocks clocks = new NodeClocks();

  private long now(long nowMs) {
    return clocks.now("n.1", nowMs).orElseThrow();
  }

  @Test
  void the_clock_of_a_node_that_was_never_heard_is_unknown() {
    assertThat(clocks.now("n.1", 0)).isEmpty();
  }

  @Test
  void a_clock_is_never_thought_to_show_more_than_it_does() {
    // The node's clock is a million ahead; the beats took 40, 3 and 900 ms.
    clocks.heard("n.1", 1_000_000, 40);
    assertThat(now(50)).isBetween(1_000_000L, 1_000_050L);
    clocks.heard("n.1", 1_000_500, 503);
    assertThat(now(600)).isBetween(1_000_590L, 1_000_600L);
    clocks.heard("n.1", 1_001_000, 1_900);
    assertThat(now(2_000)).isBetween(1_001_990L, 1_002_000L);
  }

  @Test
  void also_not_when_it_goes_slower_than_ours() {
    for (long ours = 0; ours <= 3_600_000; ours += 500) {
      long theirs = ours - ours / 2_000;
      clocks.heard("n.1", theirs, ours);
      assertThat(now(ours + 250)).isLessThanOrEqualTo(theirs + 250).isGreaterThan(theirs + 240);
    }
  }

  @Test
  void a_node_that_is_gone_is_forgotten() {
    clocks.heard("n.1", 7, 7);
    clocks.onGone("n.1");
    assertThat(clocks.now("n.1", 8)).isEmpty();
  }
}
