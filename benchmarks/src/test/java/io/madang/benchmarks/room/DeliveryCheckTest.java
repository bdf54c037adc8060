package io.madang.benchmarks.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DeliveryCheckTest {
  private final DeliveryCheck check = new DeliveryCheck(10);

  private static BitSet accepted(int count) {
    BitSet accepted = new BitSet();
    accepted.set(0, count);
    return accepted;
  }

  private Verdict verdict(int accepted) {
    return Verdict.of(List.of(check), accepted(accepted), 0, 0);
  }

  @Test
  void finds_nothing_wrong_with_each_once_and_in_order() {
    check.heard(11, 10, 0);
    check.heard(12, 11, -1);
    check.heard(13, 12, 1);

    assertThat(verdict(2).isClean()).isTrue();
    assertThat(verdict(2).deliveries()).isEqualTo(2);
    assertThat(verdict(2).inWords(1)).startsWith("Verified");
  }

  @Test
  void finds_a_lost_delivery_in_the_middle() {
    check.heard(11, 10, 0);
    check.heard(13, 12, 2);

    assertThat(verdict(3).lost()).isEqualTo(1);
    assertThat(verdict(3).holes()).isEqualTo(1);
    assertThat(verdict(3).isClean()).isFalse();
  }

  @Test
  void finds_a_lost_delivery_at_the_end_which_leaves_no_hole() {
    check.heard(11, 10, 0);

    assertThat(verdict(2).lost()).isEqualTo(1);
    assertThat(verdict(2).holes()).isZero();
    assertThat(verdict(2).isClean()).isFalse();
  }

  @Test
  void finds_a_lost_delivery_at_the_beginning() {
    check.heard(12, 11, 1);

    assertThat(verdict(2).lost()).isEqualTo(1);
    assertThat(verdict(2).holes()).isEqualTo(1);
  }

  @Test
  void finds_a_doubled_delivery() {
    check.heard(11, 10, 0);
    check.heard(12, 11, 1);
    check.heard(11, 10, 0);

    assertThat(verdict(2).doubled()).isEqualTo(1);
    assertThat(verdict(2).lost()).isZero();
    assertThat(verdict(2).isClean()).isFalse();
  }

  @Test
  void finds_a_message_that_was_put_into_the_room_twice() {
    check.heard(11, 10, 0);
    check.heard(12, 11, 0);

    assertThat(verdict(1).doubled()).isEqualTo(1);
    assertThat(verdict(1).isClean()).isFalse();
  }

  @Test
  void finds_a_delivery_from_before_the_subscription() {
    check.heard(10, 9, 0);

    assertThat(verdict(0).doubled()).isEqualTo(1);
  }

  @Test
  void finds_a_reordered_delivery() {
    check.heard(12, 11, 1);
    check.heard(11, 10, 0);
    check.heard(13, 12, 2);

    assertThat(verdict(3).reordered()).isEqualTo(1);
    assertThat(verdict(3).lost()).isZero();
    assertThat(verdict(3).doubled()).isZero();
    assertThat(verdict(3).isClean()).isFalse();
  }

  @Test
  void a_message_that_was_not_accepted_or_differs_spoils_the_verdict() {
    check.heard(11, 10, 0);

    assertThat(Verdict.of(List.of(check), accepted(1), 1, 0).isClean()).isFalse();
    assertThat(Verdict.of(List.of(check), accepted(1), 0, 1).isClean()).isFalse();
  }

  @Test
  void a_run_in_which_nothing_happened_proves_nothing() {
    assertThat(verdict(0).isClean()).isFalse();
  }
}
