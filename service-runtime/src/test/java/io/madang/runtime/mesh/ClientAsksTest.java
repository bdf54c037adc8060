package io.madang.runtime.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.CommandDescriptor.IdKind;
import io.madang.runtime.membership.Neighbours;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.ClientAnswer.Reason;
import io.madang.runtime.service.ClientQuestion;
import io.madang.runtime.service.NoClientAnswerException;
import io.madang.runtime.topic.Payload;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a service asks a client, from its context to the gateway and back, over the real bus and in its wire form. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientAsksTest {
  private static final Caller MINA =
      Caller.person("u_mina", "mina", Set.of(), false, Optional.of("c1"));
  private static final Duration LONG = Duration.ofSeconds(9);

  /** Another gateway, which is there and never says anything. */
  private static final NodeInfo MUTE = new NodeInfo("mute.1", "mute", Set.of(NodeInfo.GATEWAY));

  private record Asked(ClientQuestion question, Consumer<ClientAnswer> told) {}

  private final Vertx vertx = Vertx.vertx();
  private final EchoService echo = new EchoService();
  private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
  private Mesh mesh;
  private Neighbours.Listener neighbours;

  @BeforeEach
  void start() {
    MeshBus.register(vertx, true);
    mesh = new Mesh(
        vertx,
        Mesh.newIncarnation("test", Set.of(NodeInfo.GATEWAY, "echo")),
        listener -> neighbours = listener,
        new SimpleMeterRegistry());
    get(mesh.start());
    get(mesh.serve(echo));
  }

  @AfterEach
  void stop() {
    get(mesh.stop());
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  private void takeQuestions() {
    get(mesh.attachClients((question, told) -> asked.add(new Asked(question, told))));
  }

  private Asked nextAsked() {
    await().until(() -> !asked.isEmpty());
    return asked.remove();
  }

  private Future<CommandOutcome> askBack(Caller caller) {
    return mesh.client()
        .command("echo", new CommandCall(caller, "askBack", "id", Payload.EMPTY_OBJECT));
  }

  private Future<Payload> ask(String gateway, Duration within) {
    return echo.context()
        .clients()
        .ask(gateway, new ClientQuestion("c1", "Guess", List.of(), within));
  }

  private static Reason reasonOf(Future<Payload> failed) {
    try {
      throw new AssertionError(get(failed));
    } catch (CompletionException e) {
      return ((NoClientAnswerException) e.getCause()).reason();
    }
  }

  @Nested
  class A_command {
    @Test
    void asks_the_connection_that_gave_it_and_is_answered_with_what_it_says() {
      takeQuestions();
      Future<CommandOutcome> outcome = askBack(MINA);

      Asked question = nextAsked();
      assertThat(question.question())
          .isEqualTo(new ClientQuestion(
              "c1", "Guess", List.of(Payload.ofJson("7")), Duration.ofSeconds(5)));
      assertThat(outcome.isComplete()).isFalse();
      question.told().accept(new ClientAnswer.Told(Payload.ofJson("8")));
      assertThat(get(outcome)).isEqualTo(CommandOutcome.done(Payload.ofJson("8")));
    }

    @Test
    void leaves_the_way_free_for_others_of_the_same_connection_meanwhile() {
      takeQuestions();
      Future<CommandOutcome> waiting = askBack(MINA);
      Asked question = nextAsked();
      assertThat(get(mesh.client()
              .command(
                  "echo", new CommandCall(MINA, "say", "id", Payload.ofJson("{\"text\":\"a\"}")))))
          .isEqualTo(CommandOutcome.done(Payload.ofJson("{\"text\":\"a\"}")));
      assertThat(waiting.isComplete()).isFalse();
      question.told().accept(new ClientAnswer.Told(Payload.NULL));
      get(waiting);
    }

    @Test
    void that_got_no_answer_is_refused_with_the_reason() {
      takeQuestions();
      for (Reason reason : Reason.values()) {
        Future<CommandOutcome> outcome = askBack(MINA);
        nextAsked().told().accept(new ClientAnswer.Untold(reason, "So it is."));
        assertThat(get(outcome)).isEqualTo(CommandOutcome.refused(reason.code(), "So it is."));
      }
    }

    @Test
    void of_somebody_without_a_connection_is_refused_at_once() {
      takeQuestions();
      CommandOutcome.Refused refused = (CommandOutcome.Refused)
          get(askBack(Caller.person("u_mina", "mina", Set.of(), false, Optional.empty())));
      assertThat(refused.refusal().code()).isEqualTo("client-unsupported");
      assertThat(asked).isEmpty();
    }

    @Test
    void that_may_take_long_keeps_no_place_among_those_about_a_topic() {
      CommandDescriptor ordered = CommandDescriptor.of("x", IdKind.REPEATABLE).aboutOne("log", "a");
      assertThatThrownBy(() -> ordered.lasting(LONG)).hasMessageContaining("keeps no place");
      assertThatThrownBy(
              () -> CommandDescriptor.of("x", IdKind.REPEATABLE).lasting(Duration.ofMillis(1_999)))
          .hasMessageContaining("between");
    }
  }

  @Nested
  class Any_client {
    @Test
    void of_a_known_gateway_may_be_asked() {
      takeQuestions();
      Future<Payload> answer = ask(mesh.self().id(), LONG);
      nextAsked().told().accept(new ClientAnswer.Told(Payload.ofJson("[]")));
      assertThat(get(answer)).isEqualTo(Payload.ofJson("[]"));
    }

    @Test
    void is_gone_where_there_is_no_such_gateway_or_it_has_no_clients() {
      assertThat(reasonOf(ask("nobody.1", LONG))).isEqualTo(Reason.GONE);
      assertThat(reasonOf(ask(mesh.self().id(), LONG))).isEqualTo(Reason.GONE);
    }

    @Test
    void is_gone_as_soon_as_its_gateway_is() {
      neighbours.found(MUTE);
      Future<Payload> answer = ask(MUTE.id(), LONG);
      // Told behind the question, on the same loop.
      neighbours.lost(MUTE.id());

      assertThat(reasonOf(answer)).isEqualTo(Reason.GONE);
    }

    @Test
    void is_late_when_its_gateway_says_nothing() {
      neighbours.found(MUTE);
      assertThat(reasonOf(ask(MUTE.id(), Duration.ofMillis(1)))).isEqualTo(Reason.LATE);
    }

    @Test
    void is_waited_for_no_longer_than_may_be() {
      assertThatThrownBy(() -> ask("g", ClientQuestion.LONGEST.plusMillis(1)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> ask("g", Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
