package io.madang.chat;

import static io.madang.chat.ChatNode.newId;
import static io.madang.chat.ChatNode.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.madang.chat.sequencer.LaneLimits;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.micrometer.core.instrument.DistributionSummary;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LaneRestTest extends ChatTest {
  /** Longer than any call here takes. */
  private static final Duration MOST_REST = Duration.ofMinutes(1);

  private static final int GROUP = 40;
  private static final int ENOUGH = GROUP / 4;

  private final Caller ann = user("ann");

  @Override
  ChatConfig config() {
    ChatConfig base = super.config();
    return withOneLane(
        base, new LaneLimits(base.lane().queue(), GROUP, MOST_REST, Duration.ofMinutes(2)));
  }

  private Future<CommandOutcome> say(String text) {
    return node.give(ann, newId(), "sendMessage", "{\"text\":\"" + text + "\"}");
  }

  private DistributionSummary groups() {
    return node.metrics.get("chat.group.size").summary();
  }

  @Nested
  class A_lane {
    @Test
    void gathers_after_a_call_for_as_long_as_it_took_or_until_a_quarter_of_a_group_waits()
        throws Exception {
      Future<CommandOutcome> first;
      try (Connection blocker = database.connect();
          Statement statement = blocker.createStatement()) {
        blocker.setAutoCommit(false);
        statement.execute("select from chat.topic where topic = 'room:lobby' for update");
        first = say("first");
        statement.execute("select pg_sleep(1)");
        blocker.rollback();
      }
      ChatNode.get(first);
      List<Future<CommandOutcome>> next = new ArrayList<>();
      for (int i = 0; i < ENOUGH - 1; i++) {
        next.add(say("text " + i));
      }
      ChatNode.get(node.give(ann, newId(), "history", "{\"room\":\"lobby\"}"));
      assertThat(next).noneMatch(Future::isComplete);
      assertThat(groups().count()).isEqualTo(1);

      next.add(say("the last of a quarter"));
      assertThat(next).extracting(ChatNode::get).allMatch(CommandOutcome.Done.class::isInstance);
      assertThat(groups().count()).isEqualTo(2);
      assertThat(groups().max()).isEqualTo(ENOUGH);
    }
  }
}
