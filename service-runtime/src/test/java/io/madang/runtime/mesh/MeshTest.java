package io.madang.runtime.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MeshTest {
  private static final Caller MINA =
      Caller.person("u_mina", "mina", Set.of(), false, Optional.of("c1"));

  private final Vertx vertx = Vertx.vertx();
  private final Mesh mesh = Mesh.local(vertx, "test", "gateway");

  @BeforeEach
  void start() throws Exception {
    get(mesh.start());
    get(mesh.serve(new EchoService()));
  }

  @AfterEach
  void stop() throws Exception {
    get(mesh.stop());
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private CommandOutcome command(String name, String arguments) throws Exception {
    return get(mesh.client()
        .command("echo", new CommandCall(MINA, name, "id", Payload.ofJson(arguments))));
  }

  private static Refusal refusal(CommandOutcome outcome) {
    return ((CommandOutcome.Refused) outcome).refusal();
  }

  @Nested
  class A_command {
    @Test
    void is_bound_by_name_whatever_the_case() throws Exception {
      assertThat(command("SAY", "{\"text\":\"hi\"}"))
          .isEqualTo(CommandOutcome.done(Payload.ofJson("{\"text\":\"hi\"}")));
    }

    @Test
    void is_bound_by_position() throws Exception {
      assertThat(command("say", "[\"hi\"]"))
          .isEqualTo(CommandOutcome.done(Payload.ofJson("{\"text\":\"hi\"}")));
    }

    @Test
    void with_bad_arguments_is_refused() throws Exception {
      assertThat(refusal(command("say", "{\"text\":7}")).message())
          .isEqualTo("the argument 'text' must be a string");
    }

    @Test
    void of_an_unknown_name_or_service_is_refused() throws Exception {
      assertThat(refusal(command("nothing", "{}")).code()).isEqualTo("unknown-command");
      CommandOutcome outcome = get(mesh.client()
          .command("nobody", new CommandCall(MINA, "say", "id", Payload.EMPTY_OBJECT)));
      assertThat(refusal(outcome).code()).isEqualTo("unknown-service");
    }

    @Test
    void for_services_or_a_role_is_refused_to_others() throws Exception {
      assertThat(refusal(command("internalOnly", "{}")).code()).isEqualTo("unknown-command");
      assertThat(refusal(command("adminOnly", "{}")).code()).isEqualTo("forbidden");
    }

    @Test
    void whose_handler_throws_is_answered_at_once() {
      long begun = System.nanoTime();
      assertThatThrownBy(() -> command("throw", "{}"))
          .hasCauseInstanceOf(ServiceBrokenException.class);
      assertThat(System.nanoTime() - begun).isLessThan(1_500_000_000L);
    }

    @Test
    void whose_store_is_ill_is_answered_at_once() {
      long begun = System.nanoTime();
      assertThatThrownBy(() -> command("fail", "{}"))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(ServiceUnavailableException.class);
      assertThat(System.nanoTime() - begun).isLessThan(1_500_000_000L);
    }

    @Test
    void that_is_never_answered_ends_as_unavailable() {
      assertThatThrownBy(() -> command("hang", "{}"))
          .hasCauseInstanceOf(ServiceUnavailableException.class);
    }
  }

  @Nested
  class A_publication {
    @Test
    void reaches_the_gateway_once_its_interest_is_taken() throws Exception {
      List<Publication> heard = Collections.synchronizedList(new ArrayList<>());
      get(mesh.attach(new GatewayEndpoint() {
        @Override
        public void onBatch(List<Publication> publications) {
          heard.addAll(publications);
        }

        @Override
        public void onEvidence(String service) {}
      }));
      Topic topic = Topic.parse("log:a");
      mesh.loop()
          .runOnContext(turn -> mesh.gatewayLink().want(topic).onComplete(wanted -> put10()));
      await().atMost(5, TimeUnit.SECONDS).until(() -> heard.size() == 10);
      assertThat(heard)
          .extracting(Publication::offset)
          .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    }

    private void put10() {
      for (int i = 0; i < 10; i++) {
        mesh.client()
            .command(
                "echo",
                new CommandCall(MINA, "put", "id" + i, Payload.ofJson("[\"a\",\"" + i + "\"]")));
      }
    }
  }

  @Nested
  class A_stream {
    @Test
    void sends_no_more_than_its_credit() throws Exception {
      List<String> items = Collections.synchronizedList(new ArrayList<>());
      List<Optional<Refusal>> ends = Collections.synchronizedList(new ArrayList<>());
      StreamHandle handle = mesh.client().stream(
          "echo", new StreamCall(MINA, "count", Payload.ofJson("[5]")), 2, new StreamReader() {
            @Override
            public void item(Payload item) {
              items.add(item.toString());
            }

            @Override
            public void end(Optional<Refusal> refusal) {
              ends.add(refusal);
            }
          });
      await().atMost(5, TimeUnit.SECONDS).until(() -> items.size() == 2);
      assertThat(ends).isEmpty();
      handle.more(10);
      await().atMost(5, TimeUnit.SECONDS).until(() -> !ends.isEmpty());
      assertThat(items).containsExactly("1", "2", "3", "4", "5");
      assertThat(ends).containsExactly(Optional.empty());
    }
  }
}
