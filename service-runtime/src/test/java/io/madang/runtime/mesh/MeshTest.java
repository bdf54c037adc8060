package io.madang.runtime.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.mesh.ask.PositionClient;
import io.madang.runtime.mesh.ask.ServiceBrokenException;
import io.madang.runtime.mesh.ask.StreamHandle;
import io.madang.runtime.mesh.ask.StreamReader;
import io.madang.runtime.mesh.ask.UploadHandle;
import io.madang.runtime.mesh.ask.UploadListener;
import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.service.UploadCall;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MeshTest {
  private static final Caller MINA =
      Caller.person("u_mina", "mina", Set.of(), false, Optional.of("c1"));

  private final Vertx vertx = Vertx.vertx();
  private final Mesh mesh = Mesh.local(vertx, "test", "gateway");

  private final EchoService echo = new EchoService();

  @BeforeEach
  void start() throws Exception {
    get(mesh.start());
    get(mesh.serve(echo));
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
    void is_done_in_the_order_given_among_those_of_its_connection_about_its_topic()
        throws Exception {
      List<Future<CommandOutcome>> outcomes = new ArrayList<>();
      List<String> given = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        given.add("{\"log\":\"a\",\"text\":\"" + i + "\"}");
        outcomes.add(mesh.client()
            .command("echo", new CommandCall(MINA, "put", "id" + i, Payload.ofJson(given.get(i)))));
      }
      get(Future.all(outcomes));
      TopicAnswer.Granted all = (TopicAnswer.Granted) get(mesh.client()
          .read(new TopicRead.CatchUp(Topic.parse("log:a"), EchoService.START, 2_000)));
      assertThat(all.publications())
          .extracting(publication -> publication.data().toString())
          .isEqualTo(given);
    }

    @Test
    void that_may_take_longer_than_others_is_waited_for_and_given_once() throws Exception {
      assertThat(command("linger", "{}")).isEqualTo(CommandOutcome.done(Payload.NULL));
      assertThat(echo.done).containsExactly("lingered");
    }

    @Test
    void that_is_under_way_when_its_service_stops_is_answered_before() throws Exception {
      command("say", "{\"text\":\"taken\"}");
      Future<CommandOutcome> under =
          mesh.client().command("echo", new CommandCall(MINA, "later", "id", Payload.EMPTY_OBJECT));
      // Behind it on its way to the service.
      command("say", "{\"text\":\"hi\"}");
      get(mesh.withdraw("echo"));
      assertThat(get(under)).isEqualTo(CommandOutcome.done(Payload.NULL));
      assertThat(echo.done).containsExactly("in time");
    }

    @Test
    void of_an_unknown_name_or_service_is_refused() throws Exception {
      assertThat(refusal(command("nothing", "{}")).code()).isEqualTo("unknown-command");
      CommandOutcome outcome = get(mesh.client()
          .command("nobody", new CommandCall(MINA, "say", "id", Payload.EMPTY_OBJECT)));
      assertThat(refusal(outcome).code()).isEqualTo("unknown-service");
    }

    @Test
    void to_a_service_that_a_young_node_has_not_heard_of_is_to_be_tried_again() throws Exception {
      Vertx elsewhere = Vertx.vertx();
      Mesh young = Mesh.local(elsewhere, "young", "gateway");
      get(young.start(Duration.ofSeconds(1)));
      Refusal first = refusal(get(young
          .client()
          .command("nobody", new CommandCall(MINA, "say", "id", Payload.EMPTY_OBJECT))));
      assertThat(first.code()).isEqualTo("unavailable");
      assertThat(first.retryAfterMs()).isPresent();
      assertThat(young.directory().noSuchTopic().code()).isEqualTo("unavailable");

      await()
          .atMost(5, TimeUnit.SECONDS)
          .until(() -> young.directory().noSuchTopic().code().equals("unknown-topic"));
      get(young.stop());
      get(elsewhere.close());
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

    @Tag("slow")
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

    @Test
    void is_with_the_gateways_before_its_service_has_stopped() throws Exception {
      Queue<Runnable> takings = new ConcurrentLinkedQueue<>();
      get(mesh.attach(new GatewayEndpoint() {
        @Override
        public void onBatch(List<Publication> publications) {
          throw new AssertionError("the other is to be called");
        }

        @Override
        public void onBatch(String node, List<Publication> publications, Runnable taken) {
          takings.add(taken);
        }

        @Override
        public void onEvidence(String service) {}
      }));
      mesh.loop()
          .runOnContext(
              turn -> mesh.gatewayLink().want(Topic.parse("log:a")).onComplete(wanted -> put10()));
      await().atMost(5, TimeUnit.SECONDS).until(() -> !takings.isEmpty());

      Future<Void> stopped = mesh.withdraw("echo");
      await()
          .during(500, TimeUnit.MILLISECONDS)
          .atMost(2, TimeUnit.SECONDS)
          .until(() -> !stopped.isComplete());
      await().atMost(2, TimeUnit.SECONDS).until(() -> {
        for (Runnable taken = takings.poll(); taken != null; taken = takings.poll()) {
          taken.run();
        }
        return stopped.isComplete();
      });
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
  class Positions {
    private final Map<Topic, StreamPosition> known = new HashMap<>();

    /** Of all these topics those that are told to stand elsewhere. */
    private List<Topic> moved() {
      List<Topic> moved = Collections.synchronizedList(new ArrayList<>());
      AtomicInteger answers = new AtomicInteger();
      int asked = (known.size() - 1) / PositionClient.MAX_TOPICS + 1;
      mesh.loop()
          .runOnContext(turn -> mesh.positions().ask(known, told -> {
            moved.addAll(told);
            answers.incrementAndGet();
          }));
      await().atMost(5, TimeUnit.SECONDS).until(() -> answers.get() == asked);
      return moved;
    }

    @Test
    void that_are_the_owners_are_told_as_no_move() throws Exception {
      command("say", "{\"text\":\"hi\"}");
      for (int i = 0; i <= PositionClient.MAX_TOPICS; i++) {
        known.put(Topic.parse("log:m" + i), EchoService.START);
      }
      assertThat(moved()).isEmpty();
    }

    @Test
    void behind_the_owners_or_of_another_life_are_told() throws Exception {
      command("put", "{\"log\":\"moved\",\"text\":\"x\"}");
      known.put(Topic.parse("log:moved"), EchoService.START);
      known.put(Topic.parse("log:other"), new StreamPosition("e0", 0));
      known.put(Topic.parse("log:same"), EchoService.START);
      assertThat(moved())
          .containsExactlyInAnyOrder(Topic.parse("log:moved"), Topic.parse("log:other"));
    }

    @Test
    void that_the_owner_cannot_tell_or_nobody_owns_are_told_as_moved() throws Exception {
      command("say", "{\"text\":\"hi\"}");
      known.put(Topic.parse("log:broken"), EchoService.START);
      assertThat(moved()).containsExactly(Topic.parse("log:broken"));
      known.clear();
      known.put(Topic.parse("nobodys:a"), EchoService.START);
      assertThat(moved()).containsExactly(Topic.parse("nobodys:a"));
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
      await()
          .atMost(5, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(items).as("but %s", ends).hasSize(2));
      assertThat(ends).isEmpty();
      handle.more(10);
      await().atMost(5, TimeUnit.SECONDS).until(() -> !ends.isEmpty());
      assertThat(items).containsExactly("1", "2", "3", "4", "5");
      assertThat(ends).containsExactly(Optional.empty());
    }
  }

  @Nested
  class An_upload {
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

    private UploadHandle open(String name, String arguments) {
      UploadCall call = new UploadCall(MINA, name, Payload.ofJson(arguments));
      return mesh.client().upload("echo", call, new UploadListener() {
        @Override
        public void more(int items) {
          heard.add("more " + items);
        }

        @Override
        public void progress(Payload item) {
          heard.add("progress " + item);
        }

        @Override
        public void outcome(CommandOutcome outcome) {
          heard.add(
              outcome instanceof CommandOutcome.Done done
                  ? "done " + done.result()
                  : refusal(outcome).code());
        }
      });
    }

    private void hears(String... expected) {
      await()
          .atMost(5, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(heard).containsExactly(expected));
    }

    private void ends(String with) {
      await().atMost(5, TimeUnit.SECONDS).until(() -> heard.contains(with));
    }

    private void isCancelled(String name) {
      await().atMost(5, TimeUnit.SECONDS).until(() -> echo.cancelled.contains(name));
    }

    @Test
    void is_taken_item_by_item_as_credit_allows_and_answered_at_its_end() {
      UploadHandle upload = open("ECHOALL", "{}");
      hears("more 2");
      upload.item(Payload.ofJson("\"7ZWc\""));
      upload.item(Payload.ofJson("2"));
      hears("more 2", "progress 1", "more 1", "progress 2", "more 1");
      upload.end();
      ends("done [\"7ZWc\",2]");
      assertThat(echo.cancelled).isEmpty();
    }

    @Test
    void of_an_unknown_name_or_without_the_role_or_with_bad_arguments_is_refused() {
      open("nothing", "{}");
      hears("unknown-command");
      open("adminOnly2", "{}");
      hears("unknown-command", "forbidden");
      open("echoAll", "{\"ahead\":0}");
      hears("unknown-command", "forbidden", "bad-request");
    }

    @Test
    void with_an_item_that_is_too_large_ends() {
      UploadHandle upload = open("echoAll", "{}");
      hears("more 2");
      upload.item(Payload.ofJson("\"" + "x".repeat(99) + "\""));
      ends("too-large");
      isCancelled("echoAll");
    }

    @Test
    void that_is_too_large_as_a_whole_ends() {
      UploadHandle upload = open("echoAll", "{\"ahead\":9}");
      hears("more 9");
      for (int i = 0; i < 3; i++) {
        upload.item(Payload.ofJson("\"" + "x".repeat(70) + "\""));
      }
      ends("too-large");
      assertThat(heard).contains("progress 2").doesNotContain("progress 3");
    }

    @Test
    void that_sends_more_than_it_may_ends() {
      UploadHandle upload = open("slow", "{}");
      hears("more 1");
      upload.item(Payload.ofJson("1"));
      upload.item(Payload.ofJson("2"));
      ends("bad-request");
      isCancelled("slow");
      assertThat(heard).containsExactly("more 1", "progress 1", "bad-request");
    }

    @Test
    void that_its_sender_gives_up_is_told_to_the_service() {
      UploadHandle upload = open("echoAll", "{}");
      hears("more 2");
      upload.cancel();
      isCancelled("echoAll");
      upload.item(Payload.ofJson("1"));
      assertThat(heard).containsExactly("more 2");
    }

    @Tag("slow")
    @Test
    void whose_sender_says_nothing_for_too_long_ends() {
      open("echoAll", "{}");
      ends("timeout");
      isCancelled("echoAll");
    }

    @Tag("slow")
    @Test
    void that_is_not_answered_in_time_ends() {
      UploadHandle upload = open("slow", "{}");
      hears("more 1");
      upload.end();
      ends("timeout");
      isCancelled("slow");
    }

    @Test
    void on_which_the_service_breaks_ends_alone() {
      UploadHandle upload = open("breaks", "{}");
      hears("more 1");
      upload.item(Payload.ofJson("1"));
      ends("internal");
      open("echoAll", "{}");
      ends("more 2");
    }

    @Test
    void is_broken_off_when_the_service_stops() throws Exception {
      open("echoAll", "{}");
      hears("more 2");
      get(mesh.withdraw("echo"));
      ends("unavailable");
      isCancelled("echoAll");
    }
  }
}
