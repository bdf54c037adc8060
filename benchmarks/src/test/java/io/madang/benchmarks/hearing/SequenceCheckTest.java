package io.madang.benchmarks.hearing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SequenceCheckTest {
  private final SequenceCheck check = new SequenceCheck(4);

  private void hears(long... offsets) {
    for (long offset : offsets) {
      check.heard(offset, offset - 1);
    }
  }

  @Nested
  class Everything_in_order {
    @Test
    void is_as_promised() {
      hears(5, 6, 7);

      assertThat(check.lost(7)).isZero();
      assertThat(check.doubled() + check.reordered() + check.holes()).isZero();
    }

    @Test
    void may_have_offsets_that_nothing_has() {
      check.heard(9, 4);
      check.heard(20, 9);

      assertThat(check.lost(20)).isZero();
      assertThat(check.holes()).isZero();
    }

    @Test
    void may_begin_with_one_whose_prev_lies_before_the_position() {
      check.heard(6, 2);

      assertThat(check.holes()).isZero();
      assertThat(check.last()).isEqualTo(6);
    }
  }

  @Nested
  class What_is_lost {
    @Test
    void is_found_in_the_middle() {
      hears(5, 8);

      assertThat(check.holes()).isEqualTo(1);
      assertThat(check.lost(8)).isEqualTo(2);
    }

    @Test
    void is_found_at_the_end() {
      hears(5, 6);

      assertThat(check.lost(9)).isEqualTo(3);
    }

    @Test
    void is_found_when_nothing_came_at_all() {
      assertThat(check.lost(6)).isEqualTo(2);
    }
  }

  @Nested
  class What_is_doubled {
    @Test
    void is_found_right_behind_itself() {
      hears(5, 5);

      assertThat(check.doubled()).isEqualTo(1);
      assertThat(check.lost(5)).isZero();
    }

    @Test
    void is_found_later() {
      hears(5, 6, 7, 5);

      assertThat(check.doubled()).isEqualTo(1);
    }

    @Test
    void is_found_when_the_position_held_it_already() {
      hears(4);

      assertThat(check.doubled()).isEqualTo(1);
    }

    @Test
    void is_no_delivery() {
      assertThat(check.heard(5, 4)).isTrue();
      assertThat(check.heard(5, 4)).isFalse();
    }
  }

  @Nested
  class What_is_reordered {
    @Test
    void is_found_and_not_lost() {
      hears(5, 8, 6, 7);

      assertThat(check.reordered()).isEqualTo(2);
      assertThat(check.doubled()).isZero();
      assertThat(check.lost(8)).isZero();
    }

    @Test
    void is_doubled_the_second_time() {
      hears(5, 8, 6, 6);

      assertThat(check.reordered()).isEqualTo(1);
      assertThat(check.doubled()).isEqualTo(1);
      assertThat(check.lost(8)).isEqualTo(1);
    }
  }
}
