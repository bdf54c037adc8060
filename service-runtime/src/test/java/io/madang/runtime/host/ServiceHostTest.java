package io.madang.runtime.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.bus.BusMessage;
import io.madang.runtime.bus.BusMessage.Answer;
import io.madang.runtime.bus.BusMessage.Ask;
import io.madang.runtime.bus.BusMessage.Interest;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.bus.Question;
import io.madang.runtime.bus.Reply;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.mesh.EchoService;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.time.NodeTime;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ServiceHostTest {
  private static final NodeInfo GATEWAY =
      new NodeInfo("gateway-1.aaa", "gateway-1", Set.of("gateway"));

  private final Vertx vertx = Vertx.vertx();
  private ServiceHost host;

  @BeforeEach
  void deploy() throws Exception {
    MeshBus.register(vertx, true);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    host = new ServiceHost(
        new EchoService(),
        new MeshBus(vertx, "echo-1.bbb"),
        new CommandMeters(meters, "echo"),
        BatchLimits.defaults(),
        new BatchMeters(meters, "echo"),
        NodeTime.system(),
        publisher -> new ServiceContext(vertx, null, publisher, null, null, null, meters));
    get(vertx.deployVerticle(host, new DeploymentOptions()));
  }

  @AfterEach
  void close() throws Exception {
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private boolean acceptsAfter(Runnable told) throws Exception {
    Promise<Boolean> accepts = Promise.promise();
    host.loop().runOnContext(turn -> {
      told.run();
      accepts.complete(host.isAccepting());
    });
    return get(accepts.future());
  }

  @Test
  void takes_no_command_before_it_knows_which_gateways_there_are() throws Exception {
    assertThat(acceptsAfter(() -> {})).isFalse();
    assertThat(acceptsAfter(() -> host.onGateways(List.of()))).isTrue();
  }

  @Test
  void takes_no_command_before_it_has_the_set_of_each_gateway() throws Exception {
    assertThat(acceptsAfter(() -> host.onGateways(List.of(GATEWAY)))).isFalse();

    Interest nothing = new Interest(GATEWAY.id(), "echo", 0, 1, List.of(), List.of());
    assertThat(acceptsAfter(() -> host.onInterest(nothing))).isTrue();
  }

  @Test
  void takes_none_while_the_set_of_a_new_gateway_is_missing() throws Exception {
    acceptsAfter(() -> host.onGateways(List.of()));

    assertThat(acceptsAfter(() -> host.onGatewayJoined(GATEWAY))).isFalse();
    assertThat(acceptsAfter(() -> host.onGatewayGone(GATEWAY))).isTrue();
  }

  @Test
  void tells_what_it_published_also_while_it_takes_no_command() throws Exception {
    MeshBus asking = new MeshBus(vertx, GATEWAY.id());
    Promise<BusMessage> told = Promise.promise();
    get(asking.open(told::tryComplete));
    Question question = new Question.Recent(Topic.parse("log:a"), new StreamPosition("e1", 0));
    Ask ask = new Ask(7, GATEWAY.id(), "echo", 1_000, Ask.NO_LIMIT, Optional.empty(), question);

    assertThat(acceptsAfter(() -> host.onAsk(ask, NodeTime.system().nanos()))).isFalse();
    assertThat(get(told.future())).isEqualTo(new Answer(7, new Reply.Recent(List.of())));
  }
}
