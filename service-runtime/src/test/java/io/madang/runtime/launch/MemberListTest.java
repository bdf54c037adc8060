package io.madang.runtime.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.launch.MemberList.Stay;
import io.madang.runtime.membership.Neighbours;
import io.madang.runtime.membership.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MemberListTest {
  private static final Stay CHAT = stay("chat-1", "chat-1.aaa");
  private static final Stay CHAT_AGAIN = stay("chat-1", "chat-1.bbb");
  private static final Stay GATEWAY = stay("gateway-1", "gateway-1.ccc");

  private final MemberList members = new MemberList();
  private final List<String> told = new ArrayList<>();

  private static Stay stay(String name, String id) {
    return new Stay(UUID.randomUUID(), new NodeInfo(id, name, Set.of("chat")));
  }

  /** What a look tells. */
  private List<String> look(Stay... oldestFirst) {
    told.clear();
    members.look(List.of(oldestFirst), new Neighbours.Listener() {
      @Override
      public void found(NodeInfo node) {
        told.add("found " + node.id());
      }

      @Override
      public void lost(String id) {
        told.add("lost " + id);
      }
    });
    return List.copyOf(told);
  }

  @Nested
  class A_member {
    @Test
    void is_found_once_and_lost_once() {
      assertThat(look(CHAT)).containsExactly("found chat-1.aaa");
      assertThat(look(CHAT, GATEWAY)).containsExactly("found gateway-1.ccc");
      assertThat(look(GATEWAY)).containsExactly("lost chat-1.aaa");
      assertThat(look(GATEWAY)).isEmpty();
    }

    @Test
    void that_left_and_came_again_between_two_looks_is_lost_and_found() {
      look(CHAT, GATEWAY);
      Stay back = new Stay(UUID.randomUUID(), GATEWAY.node());
      assertThat(look(CHAT, back)).containsExactly("lost gateway-1.ccc", "found gateway-1.ccc");
    }
  }

  @Nested
  class Of_two_incarnations_of_a_name {
    @Test
    void the_one_that_joined_later_takes_the_place_of_the_other() {
      look(CHAT);
      assertThat(look(CHAT, CHAT_AGAIN)).containsExactly("lost chat-1.aaa", "found chat-1.bbb");
      assertThat(look(CHAT_AGAIN)).isEmpty();
    }

    @Test
    void the_older_is_not_told_to_whom_comes_later() {
      assertThat(look(CHAT, CHAT_AGAIN, GATEWAY))
          .containsExactly("found chat-1.bbb", "found gateway-1.ccc");
    }

    @Test
    void the_older_is_there_again_when_it_outlives_the_other() {
      look(CHAT, CHAT_AGAIN);
      assertThat(look(CHAT)).containsExactly("lost chat-1.bbb", "found chat-1.aaa");
    }
  }
}
