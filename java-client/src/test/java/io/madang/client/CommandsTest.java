package io.madang.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.code.Retry;
import io.madang.protocol.frame.ClientFrame.Command;
import io.madang.protocol.frame.ClientFrame.Subscribe;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.RawJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
@DisplayNameGeneration(ReplaceUnderscores.class)
class CommandsTest {
  private final FakeGateway gateway = new FakeGateway();
  private MadangClient client;

  @AfterEach
  void close() {
    client.close();
    gateway.close();
  }

  private Peer connect(ClientOptions options) {
    client = MadangClient.connect(options);
    return gateway.nextSignedIn();
  }

  private Peer connect() {
    return connect(gateway.options());
  }

  private CompletableFuture<RawJson> give(String id) {
    return client.command("chat", "sendToRoom", id, RawJson.trusted("{\"text\":\"hi\"}"));
  }

  private static RawJson resultOf(CompletableFuture<RawJson> answer) {
    try {
      return answer.get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Failure failureOf(CompletableFuture<RawJson> answer) {
    try {
      throw new AssertionError("succeeded with " + answer.get(20, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return ((RefusedException) e.getCause()).failure();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static ServerFrame error(Command command, Failure failure) {
    return new ServerFrame.Error(command.ref(), failure);
  }

  @Nested
  class A_command {
    @Test
    void is_answered_by_its_result() {
      Peer peer = connect();
      CompletableFuture<RawJson> answer = give("a");

      Command command = peer.next(Command.class);
      peer.reply(command, "{\"offset\":7}");

      assertThat(command.service()).isEqualTo("chat");
      assertThat(command.name()).isEqualTo("sendToRoom");
      assertThat(command.id()).contains("a");
      assertThat(command.args()).hasToString("{\"text\":\"hi\"}");
      assertThat(resultOf(answer)).hasToString("{\"offset\":7}");
    }

    @Test
    void fails_with_the_refusal_of_its_service() {
      Peer peer = connect();
      CompletableFuture<RawJson> answer = give("a");

      Failure refusal = new Failure(
          "not-a-member",
          "Join first.",
          Retry.NEVER,
          0,
          Optional.of(RawJson.trusted("{\"room\":\"dev\"}")));
      peer.send(error(peer.next(Command.class), refusal));

      assertThat(failureOf(answer)).isEqualTo(refusal);
    }

    @Test
    void is_tried_again_with_its_id_when_it_may_succeed_later() {
      Peer peer = connect();
      CompletableFuture<RawJson> answer = give("a");

      Command first = peer.next(Command.class);
      peer.send(error(first, Failure.of(ErrorCode.UNAVAILABLE, "Later.")));
      Command second = peer.next(Command.class);
      peer.reply(second, "1");

      assertThat(second.id()).isEqualTo(first.id());
      assertThat(resultOf(answer)).hasToString("1");
    }

    @Test
    void fails_at_once_when_later_would_be_too_late() {
      Peer peer = connect(gateway.options().withCommandTimeout(Duration.ofSeconds(10)));
      CompletableFuture<RawJson> answer = give("a");

      peer.send(error(
          peer.next(Command.class),
          Failure.of(ErrorCode.RATE_LIMITED, "Slowly.").after(Duration.ofSeconds(60))));

      assertThat(failureOf(answer).code()).isEqualTo("rate-limited");
    }

    @Test
    void fails_with_a_timeout_when_nobody_answers() {
      Peer peer = connect(gateway.options().withCommandTimeout(Duration.ofSeconds(1)));

      CompletableFuture<RawJson> answer = give("a");
      peer.next(Command.class);

      assertThat(failureOf(answer).code()).isEqualTo("timeout");
      assertThat(failureOf(answer).message()).contains("not known");
    }

    @Test
    void says_that_it_was_not_sent_when_there_was_no_connection() {
      client = MadangClient.connect(gateway.options().withCommandTimeout(Duration.ofMillis(50)));

      assertThat(failureOf(give("a")).message()).contains("could not be sent");
    }

    @Test
    void above_the_gateways_limit_is_not_sent_and_costs_no_connection() {
      Peer peer = connect();

      CompletableFuture<RawJson> big = client.command(
          "chat", "sendToRoom", "big", RawJson.trusted("\"" + "x".repeat(32_768) + "\""));
      CompletableFuture<RawJson> small = give("small");
      peer.reply(peer.next(Command.class), "1");

      assertThat(failureOf(big).code()).isEqualTo("too-large");
      assertThat(resultOf(small)).hasToString("1");
    }
  }

  @Nested
  class After_a_lost_connection {
    @Test
    void what_was_not_answered_is_sent_again_in_order_with_its_ids() {
      Peer first = connect();
      CompletableFuture<RawJson> a = give("a");
      CompletableFuture<RawJson> b = give("b");
      CompletableFuture<RawJson> c = give("c");
      Command sentA = first.next(Command.class);
      first.next(Command.class);
      first.next(Command.class);
      first.reply(sentA, "\"a\"");
      assertThat(resultOf(a)).hasToString("\"a\"");

      first.cut();
      CompletableFuture<RawJson> d = give("d");
      Peer second = gateway.nextSignedIn();

      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Command command = second.next(Command.class);
        ids.add(command.id().orElseThrow());
        second.reply(command, "\"" + command.id().get() + "\"");
      }
      assertThat(ids).containsExactly("b", "c", "d");
      assertThat(resultOf(b)).hasToString("\"b\"");
      assertThat(resultOf(c)).hasToString("\"c\"");
      assertThat(resultOf(d)).hasToString("\"d\"");
    }

    @Test
    void a_try_planned_before_it_is_not_made_twice() {
      Peer first = connect();
      CompletableFuture<RawJson> a = give("a");
      first.send(error(
          first.next(Command.class),
          Failure.of(ErrorCode.UNAVAILABLE, "Later.").after(Duration.ofMillis(50))));
      first.close(1012, "restarting");

      Peer second = gateway.nextSignedIn();
      Command again = second.next(Command.class);
      // By its own time-out the planned try would have come before this.
      CompletableFuture<RawJson> b = client.command("chat", "later", "b", RawJson.EMPTY_OBJECT);
      second.reply(second.next(Command.class), "2");
      second.reply(again, "1");

      assertThat(resultOf(a)).hasToString("1");
      assertThat(resultOf(b)).hasToString("2");
      assertThat(second.waiting()).isZero();
    }
  }

  @Nested
  class Commands_at_the_same_time {
    @Test
    void are_sent_no_more_than_the_gateway_takes() {
      client = MadangClient.connect(gateway.options());
      Peer peer = gateway.next();
      peer.signIn(25_000, new ServerFrame.Limits(32_768, 10, 4, 200, 400), Optional.empty());
      List<CompletableFuture<RawJson>> answers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        answers.add(give("id-" + i));
      }

      // One place is left for a refresh.
      Command oldest = peer.next(Command.class);
      peer.next(Command.class);
      peer.next(Command.class);
      CompletableFuture<?> subscribed = client.subscribe("room:dev", publication -> {});
      peer.next(Subscribe.class);
      assertThat(peer.waiting()).isZero();
      peer.reply(oldest, "0");

      assertThat(peer.next(Command.class).id()).contains("id-3");
      assertThat(subscribed).isNotDone();
      assertThat(answers.get(9)).isNotDone();
    }

    @Test
    void above_the_clients_own_bound_fail_at_once_and_free_it_when_done() {
      Peer peer = connect(gateway.options().withMaxPending(2));
      CompletableFuture<RawJson> a = give("a");
      CompletableFuture<RawJson> b = give("b");

      Failure tooMany = failureOf(give("c"));
      peer.reply(peer.next(Command.class), "1");
      resultOf(a);
      CompletableFuture<RawJson> d = give("d");
      peer.next(Command.class);
      peer.reply(peer.next(Command.class), "4");

      assertThat(tooMany.code()).isEqualTo("too-many-requests");
      assertThat(resultOf(d)).hasToString("4");
      assertThat(b).isNotDone();
    }

    @Test
    void from_many_threads_are_each_sent_once_and_answered_with_their_own_result()
        throws Exception {
      int threads = 8;
      int each = 250;
      Peer peer = connect();
      Set<String> ids = ConcurrentHashMap.newKeySet();
      CompletableFuture<?> answering = CompletableFuture.runAsync(() -> {
        for (int i = 0; i < threads * each; i++) {
          Command command = peer.next(Command.class);
          assertThat(ids.add(command.id().orElseThrow())).isTrue();
          peer.reply(command, "\"" + command.id().get() + "\"");
        }
      });

      List<CompletableFuture<?>> given = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int thread = t;
        given.add(CompletableFuture.runAsync(() -> {
          List<CompletableFuture<RawJson>> answers = new ArrayList<>();
          for (int i = 0; i < each; i++) {
            answers.add(give(thread + "-" + i));
          }
          for (int i = 0; i < each; i++) {
            assertThat(resultOf(answers.get(i))).hasToString("\"" + thread + "-" + i + "\"");
          }
        }));
      }

      CompletableFuture.allOf(given.toArray(CompletableFuture[]::new)).get(15, TimeUnit.SECONDS);
      answering.get(20, TimeUnit.SECONDS);
      assertThat(ids).hasSize(threads * each);
    }
  }
}
