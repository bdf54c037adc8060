package io.madang.runtime.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.bus.BusMessage.Batch;
import io.madang.runtime.bus.BusMessage.BatchTaken;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class InboundBatchesTest {
  private final InboundBatches inbound = new InboundBatches("gateway-1.g");

  private static Batch batch(String node, long life, long number, long floor) {
    return new Batch(node, "chat", life, number, floor, List.of(), Map.of(), false);
  }

  private static Batch batch(long number, long floor) {
    return batch("chat-1.a", 5, number, floor);
  }

  private static Map<String, List<BatchTaken>> told(long life, Long... numbers) {
    return Map.of(
        "chat-1.a", List.of(new BatchTaken("gateway-1.g", "chat", life, List.of(numbers))));
  }

  @Nested
  class A_batch {
    @Test
    void is_acknowledged_when_all_loops_have_it_and_no_earlier() {
      assertThat(inbound.arrived(batch(1, 1))).isTrue();
      assertThat(inbound.hasAcknowledgements()).isFalse();
      inbound.taken(batch(1, 1));
      assertThat(inbound.acknowledgements()).isEqualTo(told(5, 1L));
      assertThat(inbound.hasAcknowledgements()).isFalse();
    }

    @Test
    void that_comes_again_before_all_have_it_is_dropped_without_a_word() {
      inbound.arrived(batch(1, 1));
      assertThat(inbound.arrived(batch(1, 1))).isFalse();
      assertThat(inbound.hasAcknowledgements()).isFalse();
    }

    @Test
    void that_comes_again_later_is_dropped_and_acknowledged_again() {
      inbound.arrived(batch(1, 1));
      inbound.taken(batch(1, 1));
      inbound.acknowledgements();
      assertThat(inbound.arrived(batch(1, 1))).isFalse();
      assertThat(inbound.acknowledgements()).isEqualTo(told(5, 1L));
    }

    @Test
    void may_come_before_an_older_one() {
      assertThat(inbound.arrived(batch(3, 1))).isTrue();
      assertThat(inbound.arrived(batch(1, 1))).isTrue();
      inbound.taken(batch(1, 1));
      inbound.taken(batch(3, 1));
      assertThat(inbound.acknowledgements()).isEqualTo(told(5, 1L, 3L));
    }

    @Test
    void that_its_sender_gave_up_is_dropped() {
      inbound.arrived(batch(3, 2));
      assertThat(inbound.arrived(batch(1, 1))).isFalse();
      assertThat(inbound.arrived(batch(2, 2))).isTrue();
    }
  }

  @Nested
  class A_later_life_of_the_numbers {
    @Test
    void begins_anew() {
      inbound.arrived(batch(1, 1));
      inbound.taken(batch(1, 1));
      Batch first = batch("chat-1.a", 6, 1, 1);
      assertThat(inbound.arrived(first)).isTrue();
      inbound.taken(first);
      assertThat(inbound.acknowledgements()).isEqualTo(told(6, 1L));
    }

    @Test
    void ends_the_earlier_one() {
      inbound.arrived(batch(1, 1));
      inbound.arrived(batch("chat-1.a", 6, 1, 1));
      assertThat(inbound.arrived(batch(2, 1))).isFalse();
      inbound.taken(batch(1, 1));
      assertThat(inbound.hasAcknowledgements()).isFalse();
    }
  }

  @Test
  void nodes_are_told_apart() {
    Batch other = batch("chat-2.b", 5, 1, 1);
    inbound.arrived(batch(1, 1));
    assertThat(inbound.arrived(other)).isTrue();
    inbound.taken(other);
    inbound.taken(batch(1, 1));
    assertThat(inbound.acknowledgements()).containsOnlyKeys("chat-1.a", "chat-2.b");
  }

  @Test
  void a_node_that_is_gone_is_told_nothing() {
    inbound.arrived(batch(1, 1));
    inbound.taken(batch(1, 1));
    inbound.gone("chat-1.a");
    assertThat(inbound.hasAcknowledgements()).isFalse();
    inbound.taken(batch(1, 1));
    assertThat(inbound.hasAcknowledgements()).isFalse();
  }
}
