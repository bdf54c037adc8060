package io.madang.benchmarks.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.CommandOutcome.Done;
import io.madang.runtime.command.CommandOutcome.Refused;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.mesh.GatewayEndpoint;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.mesh.ask.StreamReader;
import io.madang.runtime.mesh.ask.UploadHandle;
import io.madang.runtime.mesh.ask.UploadListener;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicAnswer.Granted;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.service.UploadCall;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BenchServiceTest {
  private static final Caller MINA =
      Caller.person("u_mina", "mina", Set.of(), false, Optional.empty());
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);

  private final Vertx vertx = Vertx.vertx();
  private final Mesh mesh = Mesh.local(vertx, "test", NodeInfo.GATEWAY);

  @BeforeEach
  void start() throws Exception {
    get(mesh.start());
    get(mesh.serve(new BenchService(10, NOON)));
  }

  @AfterEach
  void stop() throws Exception {
    get(mesh.stop());
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private CommandOutcome command(String name, String id, String arguments) throws Exception {
    CommandCall call = new CommandCall(MINA, name, id, Payload.ofJson(arguments));
    return get(mesh.client().command("bench", call));
  }

  private TopicAnswer subscribe(String topic) throws Exception {
    return get(mesh.client()
        .read(new TopicRead.Subscribe(Topic.parse(topic), MINA, Optional.empty(), 10)));
  }

  private static JsonObject result(CommandOutcome outcome) {
    return new JsonObject(((Done) outcome).result().toString());
  }

  private static String code(CommandOutcome outcome) {
    return ((Refused) outcome).refusal().code();
  }

  @Nested
  class A_command {
    @Test
    void echo_answers_what_it_was_told() throws Exception {
      assertThat(result(command("echo", "id1", "[\"hi\"]")).getString("text")).isEqualTo("hi");
    }

    @Test
    void publish_tells_where_the_text_stands() throws Exception {
      command("publish", "id1", "{\"topic\":7,\"text\":\"first\"}");
      CommandOutcome second = command("publish", "id2", "{\"topic\":7,\"text\":\"second\"}");

      Granted state = (Granted) subscribe("bench:7");
      assertThat(result(second).getLong("offset")).isEqualTo(2);
      assertThat(result(second).getString("epoch")).isEqualTo(state.position().epoch());
      assertThat(state.snapshot().orElseThrow())
          .hasToString("{\"last\":{\"user\":\"mina\",\"text\":\"second\"}}");
    }

    @Test
    void given_again_is_done_once_and_with_other_arguments_refused() throws Exception {
      CommandOutcome first = command("publish", "id1", "{\"topic\":7,\"text\":\"first\"}");
      assertThat(command("publish", "id1", "{\"topic\":7,\"text\":\"first\"}")).isEqualTo(first);
      assertThat(code(command("publish", "id1", "{\"topic\":7,\"text\":\"other\"}")))
          .isEqualTo("conflict");
    }
  }

  @Nested
  class A_topic {
    @Test
    void is_heard_by_who_wants_it() throws Exception {
      Topic topic = Topic.parse("bench:7");
      BlockingQueue<Publication> heard = listen(topic);

      command("publish", "id1", "{\"topic\":7,\"text\":\"hi\"}");

      Publication publication = heard.poll(5, TimeUnit.SECONDS);
      assertThat(publication.topic()).isEqualTo(topic);
      assertThat(publication.command()).contains("id1");
      assertThat(publication.timeMillis()).isEqualTo(NOON.millis());
    }

    @Test
    void that_is_none_is_denied() throws Exception {
      for (String name : List.of("bench", "bench:0", "bench:07", "bench:101", "bench:x")) {
        assertThat(subscribe(name)).as(name).isInstanceOf(TopicAnswer.Denied.class);
      }
    }
  }

  /** Hears a topic as a gateway does. */
  private BlockingQueue<Publication> listen(Topic topic) throws Exception {
    BlockingQueue<Publication> heard = new LinkedBlockingQueue<>();
    get(mesh.attach(new GatewayEndpoint() {
      @Override
      public void onBatch(List<Publication> publications) {
        heard.addAll(publications);
      }

      @Override
      public void onEvidence(String service) {}
    }));
    Promise<Void> wanted = Promise.promise();
    mesh.loop().runOnContext(turn -> mesh.gatewayLink().want(topic).onComplete(wanted));
    get(wanted.future());
    return heard;
  }

  @Nested
  class A_stream {
    @Test
    void counts_as_far_as_its_reader_wants() throws Exception {
      List<String> items = new ArrayList<>();
      Promise<Optional<Refusal>> end = Promise.promise();
      StreamCall call = new StreamCall(MINA, "count", Payload.ofJson("{\"to\":5}"));

      mesh.client().stream("bench", call, 5, new StreamReader() {
        @Override
        public void item(Payload item) {
          items.add(item.toString());
        }

        @Override
        public void end(Optional<Refusal> refusal) {
          end.complete(refusal);
        }
      });

      assertThat(get(end.future())).isEmpty();
      assertThat(items).containsExactly("1", "2", "3", "4", "5");
    }
  }

  @Nested
  class An_upload {
    private CommandOutcome upload(List<String> items) throws Exception {
      Promise<CommandOutcome> outcome = Promise.promise();
      Promise<Void> credit = Promise.promise();
      UploadCall call = new UploadCall(MINA, "sum", Payload.EMPTY_OBJECT);
      UploadHandle upload = mesh.client().upload("bench", call, new UploadListener() {
        @Override
        public void more(int allowed) {
          credit.tryComplete();
        }

        @Override
        public void progress(Payload item) {}

        @Override
        public void outcome(CommandOutcome last) {
          outcome.complete(last);
        }
      });
      get(credit.future());
      items.forEach(item -> upload.item(Payload.ofJson(item)));
      upload.end();
      return get(outcome.future());
    }

    @Test
    void is_summed() throws Exception {
      JsonObject result = result(upload(List.of("\"AQID\"", "\"/w==\"")));
      assertThat(result.getLong("bytes")).isEqualTo(4);
      assertThat(result.getLong("sum")).isEqualTo(1 + 2 + 3 + 255);
    }

    @Test
    void of_what_is_no_bytes_is_refused() throws Exception {
      assertThat(code(upload(List.of("null")))).isEqualTo("bad-request");
      assertThat(code(upload(List.of("\"?\"")))).isEqualTo("bad-request");
    }
  }
}
