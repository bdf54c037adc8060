package io.madang.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.config.Secret;
import io.madang.runtime.mesh.GatewayEndpoint;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.service.Observation.Observed;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** presence-service as the mesh runs it, with a gateway that holds clients. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PresenceInMeshTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Topic ROOM = Topic.parse("presence:dev");

  private final List<Publication> heard = new CopyOnWriteArrayList<>();
  private TestKeyspace keyspace;
  private Vertx vertx;
  private Mesh mesh;

  @BeforeEach
  void start() {
    keyspace = TestStores.createKeyspace();
    vertx = Vertx.vertx();
    mesh = Mesh.local(vertx, "one", "gateway");
    PresenceConfig config = PresenceConfig.defaults().withRedis(new Secret(keyspace.url()));
    join(mesh.start());
    join(mesh.attach(new Clients()));
    join(mesh.serve(new PresenceService(config)));
    await().atMost(PATIENCE).until(() -> mesh.isAccepting("presence"));
  }

  @AfterEach
  void stop() {
    join(mesh.stop());
    join(vertx.close());
    keyspace.close();
  }

  private static <T> T join(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  private void onMeshLoop(Runnable action) {
    mesh.loop().runOnContext(go -> action.run());
  }

  private void connect(String connection, String user, String... rooms) {
    onMeshLoop(() -> {
      mesh.observers().arrived(new Observed(connection, user, user, false, ""));
      for (String room : rooms) {
        mesh.observers().arrived(new Observed(connection, user, user, false, "room:" + room));
      }
    });
  }

  private TopicAnswer subscribe(String user) {
    return join(mesh.client()
        .read(new TopicRead.Subscribe(ROOM, PresenceNode.person(user), Optional.empty(), 10)));
  }

  @Test
  void what_gateways_observe_reaches_those_who_want_it() {
    onMeshLoop(() -> mesh.gatewayLink().want(ROOM));
    await().atMost(PATIENCE).until(() -> subscribe("member") instanceof TopicAnswer.Granted);

    connect("c1", "ann", "dev");

    await().atMost(PATIENCE).until(() -> !heard.isEmpty());
    assertThat(heard.get(0).event()).isEqualTo("arrived");
    assertThat(heard.get(0).key()).contains("ann");
    TopicAnswer.Granted now = (TopicAnswer.Granted) subscribe("member");
    assertThat(PresenceNode.ids(now.snapshot().orElseThrow())).containsExactly("ann");
    assertThat(now.position()).isEqualTo(heard.get(0).position().orElseThrow());
  }

  @Test
  void the_owner_of_the_room_decides_who_may_hear_who_is_in_it() {
    assertThat(mesh.directory().topic(ROOM).orElseThrow().guard()).contains("room");
    assertThat(mesh.directory().topic(Topic.parse("online")).orElseThrow().guard())
        .isEmpty();
  }

  @Test
  void commands_come_with_arguments_checked() {
    connect("c1", "ann");
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(done("onlineUsers", "{}")).isEqualTo("[\"ann\"]"));

    assertThat(done("SETSTATUS", "[\"dnd\",\"busy\"]"))
        .isEqualTo("{\"status\":\"dnd\",\"text\":\"busy\"}");
    for (String odd : List.of(
        "{}",
        "{\"status\":5}",
        "{\"status\":\"\"}",
        "{\"status\":\"dnd\",\"text\":\"" + "x".repeat(101) + "\"}",
        "{\"status\":\"dnd\",\"text\":\"\\u0000\"}",
        "{\"status\":\"dnd\",\"text\":\"\\ud800\"}",
        "{\"status\":\"dnd\",\"more\":1}",
        "[1,2,3]",
        "nonsense")) {
      CommandOutcome outcome = command("setStatus", odd);
      assertThat(outcome).as(odd).isInstanceOf(CommandOutcome.Refused.class);
      assertThat(((CommandOutcome.Refused) outcome).refusal().code())
          .as(odd)
          .isEqualTo("bad-request");
    }
  }

  private String done(String name, String arguments) {
    return ((CommandOutcome.Done) command(name, arguments)).result().toString();
  }

  private CommandOutcome command(String name, String arguments) {
    Caller ann = PresenceNode.person("ann");
    return join(mesh.client()
        .command("presence", new CommandCall(ann, name, "1", Payload.ofJson(arguments))));
  }

  private final class Clients implements GatewayEndpoint {
    @Override
    public void onBatch(List<Publication> publications) {
      heard.addAll(publications);
    }

    @Override
    public void onEvidence(String service) {
      // Nothing leaves this mesh of one.
    }
  }
}
