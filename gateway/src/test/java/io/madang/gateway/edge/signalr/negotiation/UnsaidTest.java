package io.madang.gateway.edge.signalr.negotiation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UnsaidTest {
  private static final int PIECE_BYTES = 64 * 1024;

  private final Unsaid unsaid = new Unsaid();

  @Test
  void is_taken_in_order_as_much_as_one_piece_has_room_for() {
    byte[] first = new byte[PIECE_BYTES - 1];
    byte[] second = new byte[1];
    byte[] third = new byte[1];
    List.of(first, second, third).forEach(unsaid::add);

    assertThat(unsaid.take()).containsExactly(first, second);
    assertThat(unsaid.bytes()).isEqualTo(1);
    assertThat(unsaid.take()).containsExactly(third);
    assertThat(unsaid.isEmpty()).isTrue();
    assertThat(unsaid.take()).isEmpty();
  }

  @Test
  void is_one_message_where_that_alone_is_more_than_a_piece() {
    byte[] large = new byte[PIECE_BYTES + 1];
    unsaid.add(large);
    unsaid.add(new byte[1]);

    assertThat(unsaid.take()).containsExactly(large);
    assertThat(unsaid.bytes()).isEqualTo(1);
  }

  @Test
  void begins_with_what_was_put_back() {
    unsaid.add(new byte[] {1});
    unsaid.add(new byte[] {2, 2});
    List<byte[]> lost = unsaid.take();
    unsaid.add(new byte[] {3});
    unsaid.putBack(lost);

    assertThat(unsaid.bytes()).isEqualTo(4);
    assertThat(unsaid.take()).containsExactly(new byte[] {1}, new byte[] {2, 2}, new byte[] {3});
  }

  @Test
  void is_nothing_when_it_was_cleared() {
    unsaid.add(new byte[1]);
    unsaid.clear();

    assertThat(unsaid.isEmpty()).isTrue();
    assertThat(unsaid.bytes()).isZero();
  }
}
