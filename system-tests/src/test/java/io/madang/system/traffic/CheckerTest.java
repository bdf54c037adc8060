package io.madang.system.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.protocol.frame.StreamPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CheckerTest {
  private static final String TOPIC = "room:yard";

  private final Account account = new Account("mina", TOPIC);
  private final List<Committed.Entry> committed = new ArrayList<>();

  private void commit(String epoch, long from, long to) {
    for (long offset = from; offset <= to; offset++) {
      committed.add(new Committed.Entry(epoch, offset, command(epoch, offset)));
    }
  }

  private static String command(String epoch, long offset) {
    return epoch + "-" + offset;
  }

  private void told(StreamPosition at) {
    account.snapshot(at, Optional.empty());
  }

  private void hear(String epoch, long offset) {
    hear(epoch, offset, offset - 1);
  }

  private void hear(String epoch, long offset, long prev) {
    account.add(new Told.Heard(epoch, offset, prev, command(epoch, offset)));
  }

  private Verdict verdict() {
    return Checker.check(new Committed(Map.of(TOPIC, committed)), Map.of(), List.of(account));
  }

  private static StreamPosition at(String epoch, long offset) {
    return new StreamPosition(epoch, offset);
  }

  @Nested
  class A_client_that_heard_everything_once_and_in_order {
    @Test
    void is_clean() {
      commit("a", 1, 5);
      told(at("a", 2));
      hear("a", 3);
      hear("a", 4);
      hear("a", 5);

      assertThat(verdict().isWhole()).isTrue();
      assertThat(verdict().heard()).isEqualTo(3);
    }

    @Test
    void is_clean_with_publications_that_came_with_the_first_answer() {
      commit("a", 1, 3);
      told(at("a", 2));
      hear("a", 1);
      hear("a", 2);
      hear("a", 3);

      assertThat(verdict().isWhole()).isTrue();
    }

    @Test
    void is_clean_when_the_order_skips_offsets() {
      committed.add(new Committed.Entry("a", 1, command("a", 1)));
      committed.add(new Committed.Entry("a", 9, command("a", 9)));
      told(at("a", 0));
      hear("a", 1);
      hear("a", 9, 1);

      assertThat(verdict().isWhole()).isTrue();
    }
  }

  @Nested
  class Is_found {
    @Test
    void a_lost_one_at_the_end() {
      commit("a", 1, 3);
      told(at("a", 0));
      hear("a", 1);
      hear("a", 2);

      assertThat(verdict().lost()).isEqualTo(1);
      assertThat(verdict().isClean()).isFalse();
    }

    @Test
    void a_lost_one_that_the_chain_hides() {
      commit("a", 1, 3);
      told(at("a", 0));
      hear("a", 1);
      hear("a", 3, 1);

      assertThat(verdict().lost()).isEqualTo(1);
      assertThat(verdict().holes()).isZero();
    }

    @Test
    void a_hole_in_the_chain() {
      commit("a", 1, 3);
      told(at("a", 0));
      hear("a", 1);
      hear("a", 3);

      assertThat(verdict().holes()).isEqualTo(1);
      assertThat(verdict().lost()).isEqualTo(1);
    }

    @Test
    void a_hole_right_after_the_snapshot() {
      commit("a", 1, 4);
      told(at("a", 2));
      hear("a", 4);

      assertThat(verdict().holes()).isEqualTo(1);
    }

    @Test
    void a_doubled_one() {
      commit("a", 1, 2);
      told(at("a", 0));
      hear("a", 1);
      hear("a", 2);
      hear("a", 1);

      assertThat(verdict().duplicated()).isEqualTo(1);
      assertThat(verdict().reordered()).isZero();
    }

    @Test
    void two_in_the_wrong_order() {
      commit("a", 1, 3);
      told(at("a", 0));
      hear("a", 1);
      hear("a", 3, 1);
      hear("a", 2);

      assertThat(verdict().reordered()).isEqualTo(1);
      assertThat(verdict().lost()).isZero();
    }

    @Test
    void one_that_was_never_committed() {
      commit("a", 1, 1);
      told(at("a", 0));
      hear("a", 1);
      hear("a", 2);

      assertThat(verdict().phantom()).isEqualTo(1);
    }

    @Test
    void another_one_than_was_committed_there() {
      commit("a", 1, 1);
      told(at("a", 0));
      account.add(new Told.Heard("a", 1, 0, "another"));

      assertThat(verdict().phantom()).isEqualTo(1);
    }

    @Test
    void a_new_life_that_nothing_was_told_of() {
      commit("a", 1, 1);
      commit("b", 1, 1);
      told(at("a", 0));
      hear("a", 1);
      hear("b", 1);

      assertThat(verdict().holes()).isEqualTo(1);
    }
  }

  @Nested
  class A_gap {
    @Test
    void is_counted_and_nothing_in_it_is_lost() {
      commit("a", 1, 9);
      told(at("a", 0));
      hear("a", 1);
      account.gap(at("a", 1), at("a", 8));
      told(at("a", 8));
      hear("a", 9);

      assertThat(verdict().gaps()).isEqualTo(1);
      assertThat(verdict().isClean()).isTrue();
      assertThat(verdict().isWhole()).isFalse();
    }

    @Test
    void excuses_nothing_after_it() {
      commit("a", 1, 9);
      told(at("a", 0));
      account.gap(at("a", 0), at("a", 7));
      told(at("a", 7));
      hear("a", 9, 7);

      assertThat(verdict().lost()).isEqualTo(1);
    }

    @Test
    void to_another_life_ends_what_is_expected_of_the_first() {
      commit("a", 1, 5);
      commit("b", 1, 2);
      told(at("a", 0));
      hear("a", 1);
      account.gap(at("a", 1), at("b", 1));
      told(at("b", 1));
      hear("b", 2);

      assertThat(verdict().isClean()).isTrue();
      assertThat(verdict().gaps()).isEqualTo(1);
    }
  }

  @Nested
  class An_answer {
    private Verdict verdictOf(String command, long offset) {
      return Checker.check(
          new Committed(Map.of(TOPIC, committed)),
          Map.of(command, at("answered", offset)),
          List.of());
    }

    @Test
    void that_is_kept_is_clean() {
      commit("a", 1, 2);
      assertThat(verdictOf(command("a", 2), 2).isWhole()).isTrue();
    }

    @Test
    void that_left_nothing_behind_is_found() {
      commit("a", 1, 2);
      assertThat(verdictOf("forgotten", 3).unkept()).isEqualTo(1);
    }

    @Test
    void of_another_place_is_found() {
      commit("a", 1, 2);
      assertThat(verdictOf(command("a", 2), 1).misplaced()).isEqualTo(1);
    }

    @Test
    void of_a_command_that_was_done_twice_is_found() {
      commit("a", 1, 1);
      committed.add(new Committed.Entry("a", 2, command("a", 1)));
      assertThat(verdictOf(command("a", 1), 1).doubled()).isEqualTo(1);
    }
  }
}
