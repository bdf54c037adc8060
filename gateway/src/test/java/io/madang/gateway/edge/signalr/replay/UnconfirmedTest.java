package io.madang.gateway.edge.signalr.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UnconfirmedTest {
  private static final int MAX_BYTES = 10;

  private final Unconfirmed unconfirmed = new Unconfirmed(MAX_BYTES);

  private static Piece piece(int bytes, int count) {
    return new Piece(new byte[bytes], count);
  }

  private int kept() {
    List<byte[]> all = new ArrayList<>();
    unconfirmed.each(all::add);
    return all.size();
  }

  @Test
  void begins_with_number_1() {
    assertThat(unconfirmed.first()).isEqualTo(1);
    assertThat(unconfirmed.last()).isZero();
  }

  @Test
  void keeps_what_is_not_confirmed_and_no_more() {
    unconfirmed.add(piece(1, 1));
    unconfirmed.add(piece(2, 1));
    unconfirmed.add(piece(3, 1));

    assertThat(unconfirmed.confirmed(2)).isEqualTo(3);
    assertThat(unconfirmed.first()).isEqualTo(3);
    assertThat(unconfirmed.last()).isEqualTo(3);
    assertThat(unconfirmed.bytes()).isEqualTo(3);
    assertThat(kept()).isEqualTo(1);
  }

  @Test
  void goes_on_with_the_next_number_when_all_is_confirmed() {
    unconfirmed.add(piece(1, 1));
    unconfirmed.confirmed(1);

    assertThat(unconfirmed.first()).isEqualTo(2);
    unconfirmed.add(piece(1, 1));
    assertThat(unconfirmed.first()).isEqualTo(2);
    assertThat(unconfirmed.last()).isEqualTo(2);
  }

  @Test
  void keeps_messages_that_were_said_together_until_all_of_them_have_come() {
    unconfirmed.add(piece(4, 3));
    unconfirmed.add(piece(1, 1));

    assertThat(unconfirmed.confirmed(2)).isZero();
    assertThat(unconfirmed.first()).isEqualTo(1);
    assertThat(unconfirmed.confirmed(3)).isEqualTo(4);
    assertThat(unconfirmed.first()).isEqualTo(4);
  }

  @Test
  void is_not_moved_by_old_or_made_up_confirmations() {
    unconfirmed.add(piece(1, 1));
    unconfirmed.confirmed(1);
    unconfirmed.add(piece(1, 1));

    assertThat(unconfirmed.confirmed(1)).isZero();
    assertThat(unconfirmed.confirmed(-5)).isZero();
    assertThat(unconfirmed.confirmed(99)).isEqualTo(1);
    assertThat(unconfirmed.first()).isEqualTo(3);
  }

  @Test
  void is_full_with_as_many_bytes_as_it_may_keep() {
    unconfirmed.add(piece(MAX_BYTES - 1, 1));
    assertThat(unconfirmed.isFull()).isFalse();
    unconfirmed.add(piece(1, 1));
    assertThat(unconfirmed.isFull()).isTrue();
    unconfirmed.confirmed(2);
    assertThat(unconfirmed.isFull()).isFalse();
  }

  @Test
  void is_the_same_when_it_is_restored() {
    unconfirmed.add(piece(1, 2));
    unconfirmed.add(piece(2, 1));
    unconfirmed.confirmed(2);
    Unconfirmed restored =
        Unconfirmed.restored(MAX_BYTES, unconfirmed.last(), unconfirmed.pieces());

    assertThat(restored.first()).isEqualTo(3);
    assertThat(restored.last()).isEqualTo(3);
    assertThat(restored.bytes()).isEqualTo(2);
  }
}
