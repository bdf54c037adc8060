package io.madang.chat;

import static io.madang.chat.ChatNode.newId;
import static io.madang.chat.ChatNode.refusal;
import static io.madang.chat.ChatNode.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.madang.chat.sequencer.LaneLimits;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LanesTest extends ChatTest {
  private final Caller ann = user("ann");

  @Override
  ChatConfig config() {
    ChatConfig base = super.config();
    return withOneLane(
        base,
        new LaneLimits(50, base.lane().group(), base.lane().rest(), Duration.ofMillis(1_500)));
  }

  private Future<CommandOutcome> say(String text) {
    return node.give(ann, newId(), "sendMessage", "{\"text\":\"" + text + "\"}");
  }

  private List<CommandOutcome> sayMany(int count) {
    List<Future<CommandOutcome>> given = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      given.add(say("text " + i));
    }
    return given.stream()
        .map(future -> ChatNode.get(future.otherwise(
            failure -> CommandOutcome.refused(Refusal.of("failed", failure.toString())))))
        .toList();
  }

  @Nested
  class A_lane {
    @Test
    void gathers_what_comes_while_it_is_at_work() {
      sayMany(40);
      assertThat(node.metrics.get("chat.group.size").summary().max()).isGreaterThan(1);
      assertThat(node.metrics.get("chat.messages.sent").counter().count())
          .isGreaterThanOrEqualTo(40);
    }

    @Test
    void that_is_held_up_tells_what_is_too_much_or_too_late_to_come_back() throws SQLException {
      List<CommandOutcome> outcomes;
      try (Connection blocker = database.connect();
          Statement statement = blocker.createStatement()) {
        blocker.setAutoCommit(false);
        statement.execute("select from chat.topic where topic = 'room:lobby' for update");
        outcomes = sayMany(80);
        blocker.rollback();
      }
      assertThat(outcomes)
          .filteredOn(CommandOutcome.Refused.class::isInstance)
          .extracting(outcome -> refusal(outcome))
          .filteredOn(refusal -> refusal.code().equals("unavailable"))
          .hasSizeGreaterThanOrEqualTo(28)
          .allMatch(refusal -> refusal.retryAfterMs().isPresent());
      assertThat(sayMany(3)).allMatch(CommandOutcome.Done.class::isInstance);
    }

    @Test
    void tells_one_that_does_not_get_its_row_in_time_to_come_back() throws Exception {
      try (Connection blocker = database.connect();
          Statement statement = blocker.createStatement()) {
        blocker.setAutoCommit(false);
        statement.execute("select from chat.topic where topic = 'room:lobby' for update");

        Refusal refusal = refusal(ChatNode.get(say("in vain")));
        assertThat(refusal.code()).isEqualTo("unavailable");
        assertThat(refusal.retryAfterMs()).isPresent();
        blocker.rollback();
      }
      assertThat(sayMany(1)).allMatch(CommandOutcome.Done.class::isInstance);
    }

    @Test
    void gives_one_by_one_what_failed_together() throws SQLException {
      database.execute("""
          create function chat.poisoned() returns trigger language plpgsql as $$
          begin
            if new.text = 'poison' then raise 'no'; end if;
            return new;
          end $$;
          create trigger poisoned before insert on chat.log for each row execute function chat.poisoned()""");
      List<Future<CommandOutcome>> given = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        given.add(say(i == 10 ? "poison" : "text " + i));
      }
      int failed = 0;
      for (Future<CommandOutcome> future : given) {
        failed +=
            ChatNode.get(future.transform(done -> Future.succeededFuture(done.failed() ? 1 : 0)));
      }
      database.execute("drop trigger poisoned on chat.log");
      assertThat(failed).isEqualTo(1);
    }
  }
}
