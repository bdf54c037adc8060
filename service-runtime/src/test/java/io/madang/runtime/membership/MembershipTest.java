package io.madang.runtime.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.membership.Membership.AcceptsOther;
import io.madang.runtime.membership.Membership.Gone;
import io.madang.runtime.membership.Membership.Joined;
import io.madang.runtime.membership.Membership.Returned;
import io.madang.runtime.membership.Membership.Suspected;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MembershipTest {
  private static final NodeInfo CHAT = new NodeInfo("chat-1.aaa", "chat-1", Set.of("chat"));
  private static final NodeInfo CHAT_AGAIN = new NodeInfo("chat-1.bbb", "chat-1", Set.of("chat"));
  private static final NodeInfo GATEWAY =
      new NodeInfo("gateway-1.ccc", "gateway-1", Set.of("gateway"));

  private final Membership membership = new Membership();

  @Nested
  class A_node_that_is_found {
    @Test
    void joins_once() {
      assertThat(membership.found(CHAT, 0)).containsExactly(new Joined(CHAT));
      assertThat(membership.found(CHAT, 10)).isEmpty();
    }

    @Test
    void is_routed_to_only_after_it_says_what_it_accepts() {
      membership.found(CHAT, 0);
      assertThat(membership.accepting("chat")).isEmpty();

      assertThat(membership.beat(CHAT, List.of("chat"), 10))
          .containsExactly(new AcceptsOther(CHAT));
      assertThat(membership.accepting("chat")).containsExactly(CHAT.id());
    }

    @Test
    void in_a_new_incarnation_expires_the_old_at_once() {
      membership.found(CHAT, 0);
      assertThat(membership.found(CHAT_AGAIN, 10))
          .containsExactly(new Gone(CHAT), new Joined(CHAT_AGAIN));
    }

    @Test
    void in_a_new_incarnation_is_not_expired_by_a_late_beat_of_an_old_one_that_was_never_seen() {
      membership.found(CHAT_AGAIN, 0);
      assertThat(membership.beat(CHAT, List.of("chat"), 10)).isEmpty();
      assertThat(membership.member(CHAT_AGAIN.id())).isPresent();
    }
  }

  @Nested
  class A_silent_node {
    @Test
    void is_suspected_after_two_seconds_and_no_earlier() {
      membership.beat(CHAT, List.of("chat"), 0);
      assertThat(membership.sweep(2_000)).isEmpty();
      assertThat(membership.sweep(2_001)).containsExactly(new Suspected(CHAT));
      assertThat(membership.accepting("chat")).isEmpty();
    }

    @Test
    void returns_with_its_next_beat() {
      membership.beat(CHAT, List.of("chat"), 0);
      membership.sweep(3_000);
      assertThat(membership.beat(CHAT, List.of("chat"), 3_100)).containsExactly(new Returned(CHAT));
      assertThat(membership.accepting("chat")).containsExactly(CHAT.id());
    }

    @Test
    void is_not_suspected_for_the_time_this_process_stood_still() {
      membership.beat(CHAT, List.of("chat"), 0);
      membership.sweep(400);
      assertThat(membership.sweep(5_000)).isEmpty();
      for (long now = 5_500; now <= 6_500; now += 500) {
        assertThat(membership.sweep(now)).isEmpty();
      }
      assertThat(membership.sweep(6_601)).containsExactly(new Suspected(CHAT));
    }

    @Test
    void is_no_gateway_to_wait_for() {
      membership.beat(GATEWAY, List.of(), 0);
      assertThat(membership.gateways()).containsExactly(GATEWAY.id());
      membership.sweep(3_000);
      assertThat(membership.gateways()).isEmpty();
    }
  }

  @Nested
  class A_gone_node {
    @Test
    void is_not_brought_back_by_a_late_beat() {
      membership.found(CHAT, 0);
      assertThat(membership.lost(CHAT.id())).containsExactly(new Gone(CHAT));
      assertThat(membership.beat(CHAT, List.of("chat"), 10)).isEmpty();
      assertThat(membership.members()).isEmpty();
    }

    @Test
    void is_brought_back_by_the_cluster() {
      membership.found(CHAT, 0);
      membership.lost(CHAT.id());
      assertThat(membership.found(CHAT, 20)).containsExactly(new Joined(CHAT));
    }
  }
}
