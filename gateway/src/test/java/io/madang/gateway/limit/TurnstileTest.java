package io.madang.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TurnstileTest {
  private final Deque<Runnable> loop = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private long nanos;
  private final Turnstile turnstile = new Turnstile(loop::addLast, () -> nanos);

  private void comes(String who, long costs) {
    turnstile.execute(() -> {
      nanos += costs;
      done.add(who);
    });
  }

  private void turn() {
    loop.removeFirst().run();
  }

  @Test
  void who_comes_is_let_in_with_the_next_turn() {
    comes("ann", 1);
    assertThat(done).isEmpty();

    turn();

    assertThat(done).containsExactly("ann");
    assertThat(loop).isEmpty();
  }

  @Test
  void a_crowd_is_let_in_in_order_and_lets_others_do_something_between_two_slices() {
    for (int i = 0; i < 6; i++) {
      comes("client " + i, Turnstile.SLICE_NANOS / 2);
    }
    loop.addLast(() -> done.add("a delivery"));

    turn();
    assertThat(done).containsExactly("client 0", "client 1");
    turn();
    assertThat(done).last().isEqualTo("a delivery");
    turn();
    turn();

    assertThat(done).endsWith("client 2", "client 3", "client 4", "client 5");
    assertThat(loop).isEmpty();
  }

  @Test
  void who_comes_in_the_middle_of_a_slice_is_let_in_behind_the_others() {
    turnstile.execute(() -> comes("late", 0));
    comes("early", 0);

    turn();

    assertThat(done).containsExactly("early", "late");
  }

  @Test
  void a_bug_that_one_meets_keeps_nobody_out() {
    turnstile.execute(() -> {
      throw new IllegalStateException("on purpose");
    });
    comes("ann", 0);

    turn();

    assertThat(done).containsExactly("ann");
  }
}
