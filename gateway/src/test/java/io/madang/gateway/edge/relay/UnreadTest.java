package io.madang.gateway.edge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.topic.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UnreadTest {
  private static final int TOO_MUCH = 503;

  private final Queue<Runnable> later = new ArrayDeque<>();
  private final List<String> read = new ArrayList<>();
  private final List<Integer> outcomes = new ArrayList<>();

  /** What the conversation does by reading. */
  private Consumer<String> then = text -> {};

  private final Unread unread = new Unread(
      bytes -> {
        String text = new String(bytes, StandardCharsets.UTF_8);
        read.add(text);
        then.accept(text);
      },
      later::add,
      TOO_MUCH);

  private void bring(String text) {
    unread.bring(Payload.wrap(text.getBytes(StandardCharsets.UTF_8)), outcomes::add);
  }

  private void bring(int bytes) {
    bring("x".repeat(bytes));
  }

  private void turn() {
    while (!later.isEmpty()) {
      later.remove().run();
    }
  }

  @Nested
  class A_conversation_that_reads {
    @Test
    void reads_at_once_and_who_brought_it_is_told() {
      then = text -> assertThat(outcomes).isEmpty();
      bring("a");

      assertThat(read).containsExactly("a");
      assertThat(outcomes).containsExactly(Home.TAKEN);
      assertThat(later).isEmpty();
    }

    @Test
    void reads_more_at_once_than_could_wait() {
      bring(Unread.MAX_BYTES + 1);

      assertThat(outcomes).containsExactly(Home.TAKEN);
    }
  }

  @Nested
  class A_conversation_that_does_not_read {
    @Test
    void finds_all_in_order_when_it_reads_on_later_in_the_turn() {
      unread.setReading(false);
      bring("a");
      bring("b");
      unread.setReading(true);
      bring("c");
      assertThat(read).isEmpty();
      assertThat(outcomes).isEmpty();
      turn();

      assertThat(read).containsExactly("a", "b", "c");
      assertThat(outcomes).containsExactly(Home.TAKEN, Home.TAKEN, Home.TAKEN);
      bring("d");
      assertThat(read).endsWith("d");
    }

    @Test
    void may_stop_again_in_the_middle_of_what_waits() {
      unread.setReading(false);
      bring("a");
      bring("b");
      then = text -> unread.setReading(false);
      unread.setReading(true);
      turn();

      assertThat(read).containsExactly("a");
      assertThat(outcomes).containsExactly(Home.TAKEN);
    }

    @Test
    void has_as_much_wait_as_may_and_the_rest_is_refused() {
      unread.setReading(false);
      bring(Unread.MAX_BYTES - 1);
      bring(1);
      assertThat(outcomes).isEmpty();
      bring(1);

      assertThat(outcomes).containsExactly(TOO_MUCH);
    }

    @Test
    void has_room_again_for_what_it_has_read() {
      unread.setReading(false);
      bring(Unread.MAX_BYTES);
      bring(1);
      then = text -> unread.setReading(false);
      unread.setReading(true);
      turn();
      bring(Unread.MAX_BYTES);

      assertThat(outcomes).containsExactly(TOO_MUCH, Home.TAKEN);
    }

    @Test
    void is_not_read_to_when_nothing_waits() {
      unread.setReading(false);
      unread.setReading(true);

      assertThat(later).isEmpty();
    }
  }

  @Nested
  class What_is_refused {
    @Test
    void is_read_no_more_and_who_brought_it_is_told() {
      unread.setReading(false);
      bring("a");
      unread.setReading(true);
      unread.refuseAll();
      turn();

      assertThat(read).isEmpty();
      assertThat(outcomes).containsExactly(Home.UNKNOWN);
    }

    @Test
    void leaves_its_room_to_others() {
      unread.setReading(false);
      bring(Unread.MAX_BYTES);
      unread.refuseAll();
      bring(Unread.MAX_BYTES);

      assertThat(outcomes).containsExactly(Home.UNKNOWN);
    }

    @Test
    void may_be_what_waits_behind_what_is_read_just_now() {
      unread.setReading(false);
      bring("a");
      bring("b");
      then = text -> unread.refuseAll();
      unread.setReading(true);
      turn();

      assertThat(read).containsExactly("a");
      assertThat(outcomes).containsExactly(Home.UNKNOWN, Home.TAKEN);
    }
  }
}
