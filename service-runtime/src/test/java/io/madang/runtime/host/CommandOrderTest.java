package io.madang.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.bus.Place;
import io.madang.runtime.host.CommandOrder.Verdict;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CommandOrderTest {
  private final CommandOrder order = new CommandOrder();

  private Verdict take(long queue, long chain, int index) {
    return order.take("g1", new Place(queue, chain, index), 0);
  }

  @Test
  void what_comes_in_order_is_begun() {
    assertThat(take(1, 5, 0)).isEqualTo(Verdict.BEGIN);
    assertThat(take(1, 5, 1)).isEqualTo(Verdict.BEGIN);
    assertThat(take(1, 5, 2)).isEqualTo(Verdict.BEGIN);
  }

  @Test
  void what_overtook_one_that_was_lost_is_not_begun_and_says_which_one_may_be_next() {
    take(1, 5, 0);
    assertThat(take(1, 5, 2)).isEqualTo(Verdict.AHEAD);
    assertThat(order.next("g1", new Place(1, 5, 2))).isEqualTo(1);
    assertThat(take(1, 5, 1)).isEqualTo(Verdict.BEGIN);
  }

  @Test
  void a_chain_whose_beginning_was_lost_is_not_begun() {
    assertThat(take(1, 5, 1)).isEqualTo(Verdict.AHEAD);
    assertThat(order.next("g1", new Place(1, 5, 1))).isZero();
    take(1, 5, 0);
    assertThat(take(1, 6, 1)).isEqualTo(Verdict.AHEAD);
    assertThat(order.next("g1", new Place(1, 6, 1))).isZero();
  }

  @Test
  void what_comes_twice_is_begun_once() {
    take(1, 5, 0);
    assertThat(take(1, 5, 0)).isEqualTo(Verdict.BEGUN_BEFORE);
  }

  @Test
  void a_newer_chain_ends_the_older() {
    take(1, 5, 0);
    assertThat(take(1, 6, 0)).isEqualTo(Verdict.BEGIN);
    assertThat(take(1, 5, 1)).isEqualTo(Verdict.GIVEN_UP);
    assertThat(take(1, 6, 1)).isEqualTo(Verdict.BEGIN);
  }

  @Test
  void queues_and_askers_have_nothing_to_do_with_each_other() {
    take(1, 5, 0);
    assertThat(take(2, 5, 0)).isEqualTo(Verdict.BEGIN);
    assertThat(order.take("g2", new Place(1, 5, 0), 0)).isEqualTo(Verdict.BEGIN);
    assertThat(take(1, 5, 1)).isEqualTo(Verdict.BEGIN);
  }

  @Test
  void a_queue_is_forgotten_when_nothing_of_it_can_be_on_its_way() {
    order.take("g1", new Place(1, 5, 0), 0);
    order.take("g1", new Place(2, 6, 0), 1_000);
    order.take("g1", new Place(1, 5, 1), 3_000);
    order.sweep(1_000 + CommandOrder.KEEP_MS);
    assertThat(order.size()).isEqualTo(2);
    order.sweep(1_001 + CommandOrder.KEEP_MS);
    assertThat(order.size()).isEqualTo(1);
    order.sweep(3_001 + CommandOrder.KEEP_MS);
    assertThat(order.size()).isZero();
  }
}
