package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.GatewayConfig;
import io.madang.gateway.GatewayRole;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.identity.OriginPolicy;
import io.madang.runtime.config.Settings;
import io.madang.runtime.health.Health;
import io.madang.runtime.launch.RoleContext;
import io.madang.runtime.membership.Neighbours;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.mesh.Mesh;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hub connections that outlive their gateway: two of a mesh, of which one stops, and the service of both. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class StatefulDrainTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private Mesh service;
  private Node stops;
  private Node stays;

  /** One gateway. */
  private final class Node {
    final Mesh mesh;
    final GatewayRole role;
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    Node(String name, NodeInfo... neighbours) {
      Neighbours found = listener -> List.of(neighbours).forEach(listener::found);
      mesh = new Mesh(
          vertx,
          Mesh.newIncarnation(name, Set.of(NodeInfo.GATEWAY)),
          found,
          new SimpleMeterRegistry());
      role = new GatewayRole(
          GatewayConfig.from(new Settings(
              Map.of("MADANG_HTTP_PORT", Integer.toString(freePort()), "MADANG_HTTP_LOOPS", "2"))),
          OriginPolicy.of(List.of()),
          new FakeSignIn(),
          Optional.empty());
      RunningGateway.get(mesh.start());
      RunningGateway.get(role.start(new RoleContext(vertx, mesh, new Health(), metrics)));
    }

    int port() {
      return role.port();
    }

    void stop() {
      RunningGateway.get(role.stop());
      RunningGateway.get(mesh.stop());
    }
  }

  private static int freePort() {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void start() {
    service = Mesh.local(vertx, "service", TestService.NAME);
    RunningGateway.get(service.start());
    RunningGateway.get(service.serve(new TestService()));
    stops = new Node("stops", service.self());
    stays = new Node("stays", service.self(), stops.mesh.self());
    await().atMost(PATIENCE).until(() -> knowAll(stops) && knowAll(stays));
  }

  private static boolean knowAll(Node node) {
    return node.mesh.directory().service(TestService.NAME).isPresent()
        && node.mesh.live().stream().filter(NodeInfo::isGateway).count() == 2;
  }

  @AfterEach
  void stop() {
    RunningGateway.get(vertx.close());
  }

  private String path() {
    return path(stops);
  }

  private static String path(Node at) {
    return HubNegotiation.lastingPath(at.port(), "good-mina");
  }

  private static HubClient opened(Node at, String path, String format) {
    return HubClient.numbered(at.port(), path, format);
  }

  private static List<String> until(HubClient client, String last) {
    List<String> heard = new ArrayList<>();
    do {
      heard.add(client.nextSaid());
    } while (!heard.get(heard.size() - 1).contains(last));
    return heard;
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "messagepack"})
  void a_client_of_a_gateway_that_stopped_goes_on_at_another_and_misses_nothing(String format) {
    String path = path();
    HubClient client = opened(stops, path, format);
    assertThat(client.call("Join", "['den']")).contains("'type':3");
    HubClient other = HubClient.greeted(stays.port(), "json", "jun");
    other.call("Say", "['den','before']");
    assertThat(client.nextSaid()).contains("'before'");
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(stops::stop);
    await().atMost(PATIENCE).until(client::isClosed);
    other.call("Say", "['den','meanwhile']");
    stopped.join();
    other.call("Say", "['lobby','later']");
    HubClient back = HubClient.back(stays.port(), path, format);

    assertThat(back.next()).isEqualTo("{'type':9,'sequenceId':1}");
    back.say(new HubMessage.Sequence(2));
    assertThat(until(back, "'later'"))
        .containsExactly(
            "{'type':1,'target':'Welcome','arguments':['u-mina']}",
            "{'type':3,'invocationId':'101','result':null}",
            "{'type':1,'target':'Said','arguments':['den','before']}",
            "{'type':1,'target':'Said','arguments':['den','meanwhile']}",
            "{'type':1,'target':'Said','arguments':['lobby','later']}");
    assertThat(back.call("WhoAmI", "[]")).contains("u-mina");
    other.call("Say", "['den','and on']");
    assertThat(back.nextSaid()).contains("'and on'");
    back.close();
    stays.stop();
  }

  @Test
  void a_client_goes_on_with_the_token_that_it_showed_last() {
    String first = FakeSignIn.brief("mina", Duration.ofSeconds(2));
    String path = HubNegotiation.lastingPath(stops.port(), first);
    opened(stops, path, "json").cut();
    String renewed = path.replace(first, "good-mina");
    HubClient client = HubClient.back(stops.port(), renewed, "json");
    assertThat(client.nextSaid()).startsWith("{'type':9,");
    await()
        .atMost(PATIENCE)
        .until(() -> RawHttp.ask(
                    stops.port(),
                    "POST",
                    "/api/tester/whoAmI",
                    "",
                    "Authorization",
                    "Bearer " + first)
                .status()
            == 401);
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(stops::stop);
    await().atMost(PATIENCE).until(client::isClosed);
    HubClient back = HubClient.back(stays.port(), renewed, "json");
    back.say(new HubMessage.Sequence(1));

    assertThat(until(back, "Welcome")).noneMatch(message -> message.startsWith("{'type':7"));
    assertThat(back.call("WhoAmI", "[]")).contains("u-mina");
    stopped.join();
    back.close();
    stays.stop();
  }

  @Test
  void a_client_is_told_nothing_of_it_and_finds_its_answer() {
    String path = path();
    HubClient client = opened(stays, path, "json");
    String id = client.begin("Later", "[]");
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(stops::stop);
    await().atMost(PATIENCE).until(client::isClosed);
    HubClient back = HubClient.back(stays.port(), path, "json");
    back.say(new HubMessage.Sequence(1));
    back.say(new HubMessage.Invocation(Optional.of(id), "Later", HubClient.json("[]"), List.of()));

    List<String> heard = until(back, "'type':3");
    assertThat(heard.get(0)).startsWith("{'type':9,");
    assertThat(heard).last().asString().contains("'result':null");
    assertThat(heard).noneMatch(message -> message.startsWith("{'type':7"));
    assertThat(back.call("WhoAmI", "[]")).contains("u-mina");
    stopped.join();
    back.close();
    stays.stop();
  }

  /** Nobody is let in any more, so what is under way is on its way out. */
  private void awaitStopping() {
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> RawHttp.ask(
                    stops.port(),
                    "POST",
                    "/hubs/test/negotiate?negotiateVersion=1",
                    "",
                    "Authorization",
                    "Bearer good-jun")
                .status()
            == 503);
  }

  @Test
  void what_a_service_asked_a_client_is_answered_before_that_goes_elsewhere() {
    String path = path();
    HubClient client = opened(stops, path, "json");
    String call = client.begin("AskMe", "['Guess',5]");
    assertThat(client.nextSaid()).contains("'target':'Guess'");
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(stops::stop);
    awaitStopping();
    client.say(HubMessage.Completion.of("ask-1", HubClient.json("'answered'")));

    assertThat(client.nextSaid())
        .isEqualTo("{'type':3,'invocationId':'" + call + "','result':'answered'}");
    await().atMost(PATIENCE).until(client::isClosed);
    HubClient back = HubClient.back(stays.port(), path, "json");
    assertThat(back.next()).startsWith("{'type':9,");
    stopped.join();
    back.close();
    stays.stop();
  }

  @Test
  void who_comes_by_a_gateway_that_stops_is_carried_to_where_its_connection_lives() {
    HubClient waitedFor = opened(stops, path(), "json");
    String unused = waitedFor.begin("AskMe", "['Guess',5]");
    assertThat(waitedFor.nextSaid()).contains("'target':'Guess'");
    String path = path(stays);
    HubClient client = opened(stays, path, "json");
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(stops::stop);
    awaitStopping();

    HubClient back = HubClient.back(stops.port(), path, "json");
    assertThat(back.next()).startsWith("{'type':9,");
    assertThat(client.isClosed()).isTrue();
    back.say(new HubMessage.Sequence(1));
    assertThat(back.call("WhoAmI", "[]")).contains("u-mina");
    await().atMost(PATIENCE).until(back::isClosed);
    HubClient again = HubClient.back(stays.port(), path, "json");
    assertThat(again.next()).startsWith("{'type':9,");
    stopped.join();
    again.close();
    stays.stop();
  }

  @Test
  void a_service_whose_question_is_not_answered_by_then_is_told_so_at_once() {
    String path = path();
    HubClient client = opened(stops, path, "json");
    HubClient asking = HubClient.open(stops.port(), path(), "json");
    asking.shakeHands(1);
    assertThat(asking.next()).contains("Welcome");
    String call = asking.begin("AskOther", "['Guess','" + client.connection() + "']");
    assertThat(client.nextSaid()).contains("'target':'Guess'");
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(stops::stop);

    assertThat(until(asking, "'invocationId':'" + call + "'"))
        .last()
        .asString()
        .contains("The connection is over.");
    await().atMost(PATIENCE).until(client::isClosed);
    HubClient back = HubClient.back(stays.port(), path, "json");
    back.say(new HubMessage.Sequence(2));
    back.say(HubMessage.Completion.of("ask-1", HubClient.json("'too late'")));
    assertThat(back.next()).startsWith("{'type':9,");
    assertThat(until(back, "'target':'Guess'")).isNotEmpty();
    assertThat(back.call("WhoAmI", "[]")).contains("u-mina");
    stopped.join();
    back.close();
    stays.stop();
  }

  @Test
  void a_client_of_the_last_gateway_is_told_goodbye() {
    stays.stop();
    await()
        .atMost(PATIENCE)
        .until(() -> stops.mesh.live().stream().filter(NodeInfo::isGateway).count() == 1);
    HubClient client = opened(stops, path(), "json");
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(stops::stop);

    assertThat(until(client, "'type':7")).contains("{'type':7,'allowReconnect':true}");
    assertThat(client.closed()).isEqualTo(1000);
    stopped.join();
  }
}
