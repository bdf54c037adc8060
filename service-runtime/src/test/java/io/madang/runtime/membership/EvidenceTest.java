package io.madang.runtime.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.membership.Membership.AcceptsOther;
import io.madang.runtime.membership.Membership.Gone;
import io.madang.runtime.membership.Membership.Joined;
import io.madang.runtime.membership.Membership.Returned;
import io.madang.runtime.membership.Membership.Suspected;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EvidenceTest {
  private static final NodeInfo CHAT = new NodeInfo("chat-1.a", "chat-1", Set.of("chat"));
  private static final NodeInfo OTHER = new NodeInfo("chat-2.a", "chat-2", Set.of("chat"));

  private final Evidence evidence = new Evidence();

  @Nested
  class A_silent_node {
    @Test
    void is_reason_to_compare_at_once_and_every_two_seconds() {
      assertThat(evidence.on(new Suspected(CHAT), 0)).containsExactly(CHAT);
      assertThat(evidence.due(1_999)).isEmpty();
      assertThat(evidence.due(2_000)).containsExactly(CHAT);
      assertThat(evidence.due(3_999)).isEmpty();
      for (long now = 4_000; now < 60_000; now += 2_000) {
        assertThat(evidence.due(now)).containsExactly(CHAT);
      }
    }

    @Test
    void is_one_once_more_when_it_returns() {
      evidence.on(new Suspected(CHAT), 0);
      assertThat(evidence.on(new Returned(CHAT), 500)).containsExactly(CHAT);
      assertThat(evidence.due(60_000)).isEmpty();
    }
  }

  @Nested
  class A_node_that_left {
    @Test
    void is_reason_to_compare_as_long_as_a_store_may_still_do_what_it_asked() {
      assertThat(evidence.on(new Gone(CHAT), 0)).containsExactly(CHAT);
      assertThat(evidence.due(2_000)).containsExactly(CHAT);
      assertThat(evidence.due(4_000)).containsExactly(CHAT);
      assertThat(evidence.due(6_000)).containsExactly(CHAT);
      assertThat(evidence.due(8_000)).isEmpty();
      assertThat(evidence.due(60_000)).isEmpty();
    }

    @Test
    void after_it_was_silent_is_no_reason_for_ever() {
      evidence.on(new Suspected(CHAT), 0);
      evidence.on(new Gone(CHAT), 30_000);
      assertThat(evidence.due(36_000)).containsExactly(CHAT);
      assertThat(evidence.due(38_000)).isEmpty();
    }

    @Test
    void says_nothing_about_another() {
      evidence.on(new Suspected(OTHER), 0);
      evidence.on(new Gone(CHAT), 1_000);
      assertThat(evidence.due(2_000)).containsExactly(OTHER);
      assertThat(evidence.due(3_000)).containsExactly(CHAT);
    }
  }

  @Test
  void a_node_that_joins_or_accepts_something_else_is_no_reason() {
    assertThat(evidence.on(new Joined(CHAT), 0)).isEmpty();
    assertThat(evidence.on(new AcceptsOther(CHAT), 0)).isEmpty();
    assertThat(evidence.due(60_000)).isEmpty();
  }
}
