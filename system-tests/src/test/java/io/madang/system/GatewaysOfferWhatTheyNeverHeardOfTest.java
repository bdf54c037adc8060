package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.madang.client.MadangClient;
import io.madang.client.TopicListener;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.frame.TopicPosition;
import io.madang.protocol.json.RawJson;
import io.madang.testkit.FreePorts;
import io.madang.testkit.RunningProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service that is no part of the product joins a gateway that is there already, and people reach all of it: commands, topics
 * with resume, a stream, an upload. One gateway and one process of the service, for all tests.
 */
@Tag("cluster")
@TestInstance(Lifecycle.PER_CLASS)
@DisplayNameGeneration(ReplaceUnderscores.class)
class GatewaysOfferWhatTheyNeverHeardOfTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final String GATEWAY = "gateway-1";

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private Path directory;
  private MeshProcesses mesh;
  private RunningProcess bench;
  private String token;

  @BeforeAll
  void start_the_gateway_first(@TempDir Path empty) {
    directory = empty;
    mesh = MeshProcesses.start(Map.of(GATEWAY, "gateway"), Map.of());
    token = mesh.guestToken(GATEWAY, "mina");
    startBench();
    await("the gateway's list of services")
        .atMost(LIMIT)
        .until(() -> get("/api/services").body().contains("\"bench\""));
  }

  @AfterAll
  void stop() {
    if (bench != null) {
      bench.close();
    }
    mesh.close();
  }

  private void startBench() {
    Map<String, String> settings = new HashMap<>(mesh.joining());
    settings.put("MADANG_NODE_NAME", "bench-1");
    settings.put("MADANG_HEALTH_PORT", Integer.toString(FreePorts.one()));
    bench = RunningProcess.start("bench-1", Distribution.benchService(), settings, directory);
    bench.awaitLine("bench is there.", START_LIMIT);
  }

  @Test
  void the_list_of_services_tells_all_that_its_descriptor_says() {
    JsonObject list = JsonParser.parseString(get("/api/services").body()).getAsJsonObject();
    JsonObject service = null;
    for (JsonElement each : list.getAsJsonArray("services")) {
      if (each.getAsJsonObject().get("service").getAsString().equals("bench")) {
        service = each.getAsJsonObject();
      }
    }
    assertThat(service).isNotNull();
    assertThat(namesIn(service, "topics", "prefix")).containsExactly("bench");
    assertThat(namesIn(service, "commands", "name")).containsExactly("echo", "confirm", "publish");
    assertThat(namesIn(service, "streams", "name")).containsExactly("count");
    assertThat(namesIn(service, "uploads", "name")).containsExactly("sum");
  }

  private static List<String> namesIn(JsonObject service, String list, String member) {
    return service.getAsJsonArray(list).asList().stream()
        .map(each -> each.getAsJsonObject().get(member).getAsString())
        .toList();
  }

  @Test
  void a_command_over_http_is_answered() {
    HttpResponse<String> answer = post("/api/bench/echo", "{\"text\":\"안녕\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"text\":\"안녕\"}");
  }

  @Test
  void an_argument_that_its_descriptor_does_not_take_is_refused() {
    HttpResponse<String> answer = post("/api/bench/publish", "{\"topic\":0,\"text\":\"x\"}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("bad-request").contains("topic");
  }

  @Test
  void a_command_over_websocket_is_answered() {
    try (NativeSocket socket = NativeSocket.open(http, mesh.address(GATEWAY), token)) {
      socket.send(new ClientFrame.Command(
          socket.nextRef(), "bench", "echo", Optional.empty(), RawJson.trusted("[\"hi\"]")));
      assertThat(socket.next(ServerFrame.Reply.class).result())
          .isEqualTo(RawJson.trusted("{\"text\":\"hi\"}"));
    }
  }

  @Test
  void a_topic_a_command_and_a_stream_are_there_over_sockjs() {
    try (NativeSocket socket = NativeSocket.openSockJs(http, mesh.address(GATEWAY), token)) {
      socket.send(new ClientFrame.Subscribe(socket.nextRef(), "bench:5", Optional.empty()));
      assertThat(socket.next(ServerFrame.Subscribed.class).topic().position().offset())
          .isZero();
      socket.send(new ClientFrame.Command(
          socket.nextRef(), "bench", "publish", Optional.empty(), RawJson.trusted("[5,\"hi\"]")));
      assertThat(socket.until(ServerFrame.Publication.class))
          .last()
          .extracting(frame -> ((ServerFrame.Publication) frame).data().toString())
          .isEqualTo("{\"user\":\"mina\",\"text\":\"hi\"}");
      socket.send(new ClientFrame.Stream(
          socket.nextRef(), "bench", "count", RawJson.trusted("{\"to\":3}")));
      assertThat(socket.until(ServerFrame.Complete.class))
          .filteredOn(ServerFrame.Item.class::isInstance)
          .extracting(frame -> ((ServerFrame.Item) frame).item().toString())
          .containsExactly("1", "2", "3");
    }
  }

  @Test
  void the_past_of_a_topic_is_there_over_http() {
    publish(6, "one");
    publish(6, "two");
    JsonObject page = JsonParser.parseString(
            get("/api/topics/bench:6/history?limit=1").body())
        .getAsJsonObject();
    assertThat(page.get("more").getAsBoolean()).isTrue();
    assertThat(page.getAsJsonArray("publications"))
        .singleElement()
        .extracting(each -> each.getAsJsonObject().get("data").toString())
        .isEqualTo("{\"user\":\"mina\",\"text\":\"two\"}");
    assertThat(get("/api/topics/bench:101/history").statusCode()).isEqualTo(403);
  }

  @Test
  void a_client_that_comes_back_gets_what_it_missed_once_and_in_order() {
    StreamPosition last;
    try (NativeSocket socket = NativeSocket.open(http, mesh.address(GATEWAY), token)) {
      socket.send(new ClientFrame.Subscribe(socket.nextRef(), "bench:3", Optional.empty()));
      assertThat(socket.next(ServerFrame.Subscribed.class).topic().position().offset())
          .isZero();
      publish(3, "heard");
      last = socket.next(ServerFrame.Publication.class).place().orElseThrow().position();
    }
    publish(3, "missed 1");
    publish(3, "missed 2");

    try (NativeSocket socket = NativeSocket.open(http, mesh.address(GATEWAY), token)) {
      socket.send(
          new ClientFrame.Resume(socket.nextRef(), List.of(new TopicPosition("bench:3", last))));
      ServerFrame.Resumed resumed = socket.next(ServerFrame.Resumed.class);
      publish(3, "heard again");
      ServerFrame.TopicState state = ((ServerFrame.Restored) resumed.topics().get(0)).state();
      assertThat(state.recovered()).isTrue();
      assertThat(state.publications())
          .extracting(each -> each.place().orElseThrow().offset())
          .containsExactly(last.offset() + 1, last.offset() + 2);
      assertThat(socket.next(ServerFrame.Publication.class).data().toString())
          .isEqualTo("{\"user\":\"mina\",\"text\":\"heard again\"}");
    }
  }

  @Test
  void a_stream_comes_as_far_as_the_client_gives_credit() {
    try (NativeSocket socket = NativeSocket.open(http, mesh.address(GATEWAY), token)) {
      long ref = socket.nextRef();
      socket.send(new ClientFrame.Stream(ref, "bench", "count", RawJson.trusted("{\"to\":100}")));
      // A stream begins with credit for 64.
      for (int i = 1; i <= 64; i++) {
        assertThat(socket.next(ServerFrame.Item.class).item().toString())
            .isEqualTo(Integer.toString(i));
      }
      socket.send(new ClientFrame.Ping(socket.nextRef()));
      ServerFrame.Pong unused = socket.next(ServerFrame.Pong.class);
      socket.send(new ClientFrame.More(ref, 100));
      List<ServerFrame> rest = socket.until(ServerFrame.Complete.class);
      assertThat(rest.subList(0, rest.size() - 1))
          .extracting(frame -> ((ServerFrame.Item) frame).item().toString())
          .containsExactlyElementsOf(
              IntStream.rangeClosed(65, 100).mapToObj(Integer::toString).toList());
    }
  }

  @Test
  void an_upload_is_taken_and_tells_how_far_it_is() {
    try (NativeSocket socket = NativeSocket.open(http, mesh.address(GATEWAY), token)) {
      long ref = socket.nextRef();
      socket.send(new ClientFrame.Upload(ref, "bench", "sum", RawJson.EMPTY_OBJECT));
      assertThat(socket.next(ServerFrame.More.class).items()).isGreaterThanOrEqualTo(3);
      for (int i = 0; i < 3; i++) {
        socket.send(new ClientFrame.UploadItem(ref, RawJson.trusted("\"AQID\"")));
      }
      socket.send(new ClientFrame.UploadEnd(ref));
      List<ServerFrame> heard = socket.until(ServerFrame.Reply.class);
      assertThat(heard)
          .filteredOn(ServerFrame.Item.class::isInstance)
          .extracting(frame -> ((ServerFrame.Item) frame).item().toString())
          .containsExactly("{\"bytes\":3}", "{\"bytes\":6}", "{\"bytes\":9}");
      assertThat(((ServerFrame.Reply) heard.get(heard.size() - 1)).result())
          .isEqualTo(RawJson.trusted("{\"bytes\":9,\"sum\":18}"));
    }
  }

  @Test
  void when_the_service_dies_with_its_memory_clients_hear_of_the_gap_and_begin_anew() {
    Heard heard = new Heard();
    try (MadangClient client = mesh.clientOf(GATEWAY, token)) {
      StreamPosition begin = client.subscribe("bench:4", heard).join();
      publish(4, "before");
      await().atMost(LIMIT).until(() -> heard.log.contains("before"));

      bench.kill();
      bench.close();
      startBench();

      await("the gap").atMost(START_LIMIT).until(() -> heard.log.contains("gap"));
      publish(4, "after");
      await().atMost(LIMIT).until(() -> heard.log.contains("after"));

      assertThat(heard.log)
          .containsExactly(
              "snapshot {\"last\":null}", "before", "gap", "snapshot {\"last\":null}", "after");
      assertThat(heard.lives).hasSize(2).doesNotHaveDuplicates().startsWith(begin.epoch());
    }
  }

  /** What a listener was told, in order; written on the client's thread. */
  private static final class Heard implements TopicListener {
    final List<String> log = new CopyOnWriteArrayList<>();

    /** Epoch of each snapshot. */
    final List<String> lives = new CopyOnWriteArrayList<>();

    @Override
    public void publication(ServerFrame.Publication publication) {
      JsonObject data = JsonParser.parseString(publication.data().toString()).getAsJsonObject();
      log.add(data.get("text").getAsString());
    }

    @Override
    public void snapshot(StreamPosition position, Optional<RawJson> snapshot) {
      lives.add(position.epoch());
      log.add("snapshot " + snapshot.orElseThrow());
    }

    @Override
    public void gap(StreamPosition from, StreamPosition to) {
      log.add("gap");
    }
  }

  private void publish(int topic, String text) {
    HttpResponse<String> answer =
        post("/api/bench/publish", "{\"topic\":%d,\"text\":\"%s\"}".formatted(topic, text));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private HttpResponse<String> get(String path) {
    return send(request(path).build());
  }

  private HttpResponse<String> post(String path, String json) {
    return send(request(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json))
        .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(mesh.address(GATEWAY) + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(request.uri() + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
