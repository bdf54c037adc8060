package io.madang.gateway.edge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LateWaitingTest {
  private final LateWaiting late = new LateWaiting();
  private final List<String> told = new ArrayList<>();

  private final Waiting conversation = new Waiting() {
    @Override
    public void taken(int bytes) {
      told.add("taken " + bytes);
    }

    @Override
    public void gone() {
      told.add("gone");
    }
  };

  @Test
  void a_conversation_learns_what_became_of_the_response_before_it_was_known() {
    late.taken(3);
    late.taken(4);
    late.gone();

    late.waitsFor(conversation);

    assertThat(told).containsExactly("taken 7", "gone");
  }

  @Test
  void nothing_is_told_of_what_has_not_happened() {
    late.waitsFor(conversation);

    assertThat(told).isEmpty();
    assertThat(late.isGone()).isFalse();
  }

  @Test
  void once_it_is_known_it_is_told_at_once_and_of_the_end_once() {
    late.waitsFor(conversation);

    late.taken(5);
    assertThat(told).containsExactly("taken 5");

    late.gone();
    late.taken(6);
    late.gone();
    assertThat(told).containsExactly("taken 5", "gone");
    assertThat(late.isGone()).isTrue();
  }
}
