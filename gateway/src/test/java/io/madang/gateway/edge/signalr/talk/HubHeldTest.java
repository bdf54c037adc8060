package io.madang.gateway.edge.signalr.talk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HubHeldTest {
  private final HubHeld held = new HubHeld();
  private final List<String> told = new ArrayList<>();

  private void bring(String topic, String what) {
    if (held.holds(topic)) {
      held.add(topic, what.length(), () -> told.add(what));
    } else {
      told.add(what);
    }
  }

  @Test
  void keeps_all_in_order_until_the_handshake_is_answered() {
    bring("a:1", "one");
    bring("b:1", "two");
    assertThat(told).isEmpty();
    assertThat(held.bytes()).isEqualTo(6);

    held.releaseAll();
    bring("a:1", "three");
    assertThat(told).containsExactly("one", "two", "three");
    assertThat(held.bytes()).isZero();
  }

  @Test
  void keeps_what_the_held_topics_bring_and_nothing_else() {
    held.releaseAll();
    held.hold("a:1");
    bring("a:1", "one");
    bring("b:1", "two");
    bring("a:1", "three");
    assertThat(told).containsExactly("two");

    held.release(List.of("a:1"));
    assertThat(told).containsExactly("two", "one", "three");
  }

  @Test
  void keeps_it_as_long_as_any_call_holds_it() {
    held.releaseAll();
    held.hold("a:1");
    held.hold("a:1");
    held.hold("b:1");
    bring("a:1", "one");
    bring("b:1", "two");

    held.release(List.of("a:1", "b:1"));
    assertThat(told).containsExactly("two");
    assertThat(held.bytes()).isEqualTo(3);
    held.release(List.of("a:1"));
    assertThat(told).containsExactly("two", "one");
  }

  @Test
  void forgets_what_nobody_hears_any_more() {
    bring("a:1", "one");
    held.drop();
    held.releaseAll();

    assertThat(told).isEmpty();
    assertThat(held.bytes()).isZero();
  }
}
