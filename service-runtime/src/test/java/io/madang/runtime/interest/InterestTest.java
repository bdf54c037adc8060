package io.madang.runtime.interest;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.bus.BusMessage.Interest;
import io.madang.runtime.topic.Topic;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class InterestTest {
  private static final Topic A = Topic.parse("room:a");
  private static final Topic B = Topic.parse("room:b");

  private final InterestSet set = new InterestSet("g1", "chat");
  private final InterestTable table = new InterestTable();

  @Nested
  class A_delta {
    @Test
    void is_taken_on_top_of_the_whole_set() {
      table.take(set.whole());
      set.add(A);
      assertThat(table.take(set.flush().orElseThrow())).isTrue();
      assertThat(table.gateways(A)).containsExactly("g1");
    }

    @Test
    void is_not_taken_when_one_before_it_is_missing() {
      table.take(set.whole());
      set.add(A);
      set.flush();
      set.add(B);
      assertThat(table.take(set.flush().orElseThrow())).isFalse();
      assertThat(table.gateways(B)).isEmpty();
    }

    @Test
    void is_not_taken_before_the_whole_set() {
      set.add(A);
      assertThat(table.take(set.flush().orElseThrow())).isFalse();
      assertThat(table.has("g1")).isFalse();
    }

    @Test
    void that_comes_twice_changes_nothing() {
      table.take(set.whole());
      set.add(A);
      Interest delta = set.flush().orElseThrow();
      table.take(delta);
      set.remove(A);
      table.take(set.flush().orElseThrow());
      assertThat(table.take(delta)).isTrue();
      assertThat(table.gateways(A)).isEmpty();
    }

    @Test
    void leaves_out_what_was_added_and_removed_again() {
      set.add(A);
      set.remove(A);
      assertThat(set.flush()).isEmpty();
    }
  }

  @Nested
  class The_whole_set {
    @Test
    void replaces_what_was_known() {
      table.take(set.whole());
      set.add(A);
      table.take(set.flush().orElseThrow());
      InterestSet restarted = new InterestSet("g1", "chat");
      restarted.add(B);
      restarted.flush();
      assertThat(table.take(restarted.whole())).isTrue();
      assertThat(table.gateways(A)).isEmpty();
      assertThat(table.gateways(B)).containsExactly("g1");
    }

    @Test
    void that_comes_late_takes_back_nothing() {
      Interest early = set.whole();
      table.take(early);
      set.add(A);
      table.take(set.flush().orElseThrow());

      assertThat(table.take(early)).isTrue();

      assertThat(table.gateways(A)).containsExactly("g1");
      assertThat(table.matches("g1", set.digest())).isTrue();
    }

    @Test
    void holds_only_what_was_flushed() {
      set.add(A);
      assertThat(set.whole().added()).isEmpty();
    }
  }

  @Nested
  class A_digest {
    @Test
    void finds_a_difference_that_versions_do_not_show() {
      table.take(set.whole());
      set.add(A);
      Interest delta = set.flush().orElseThrow();
      Interest damaged = new Interest(
          "g1", "chat", delta.baseVersion(), delta.version(), List.of(B), delta.removed());
      table.take(damaged);
      assertThat(table.matches("g1", set.digest())).isFalse();
    }

    @Test
    void equals_after_any_changes_in_any_order() {
      long seed = System.nanoTime();
      Random random = new Random(seed);
      table.take(set.whole());
      for (int i = 0; i < 1_000; i++) {
        Topic topic = Topic.parse("room:" + random.nextInt(20));
        if (random.nextBoolean()) {
          set.add(topic);
        } else {
          set.remove(topic);
        }
        if (random.nextInt(3) == 0) {
          set.flush().ifPresent(table::take);
        }
      }
      set.flush().ifPresent(table::take);
      assertThat(table.matches("g1", set.digest())).as("seed %s", seed).isTrue();
    }

    @Test
    void shows_a_set_that_is_behind() {
      table.take(set.whole());
      set.add(A);
      set.flush();
      assertThat(table.matches("g1", set.digest())).isFalse();
    }
  }

  @Test
  void a_gateway_that_is_gone_wants_nothing() {
    table.take(set.whole());
    set.add(A);
    table.take(set.flush().orElseThrow());
    table.remove("g1");
    assertThat(table.gateways(A)).isEmpty();
    assertThat(table.has("g1")).isFalse();
  }
}
