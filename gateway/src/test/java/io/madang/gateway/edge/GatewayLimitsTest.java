package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GatewayLimitsTest {
  @RegisterExtension
  final OwnGateway own = new OwnGateway();

  private static String handshake(int port) throws IOException {
    try (RawSocket raw = new RawSocket(port)) {
      raw.write(RawSocket.handshake("/ws/echo", "13") + "\r\n");
      return raw.readHeaders();
    }
  }

  @Test
  void an_address_with_too_many_connections_is_told_by_http_and_has_room_when_one_ends()
      throws IOException {
    int port = own.with(Map.of("MADANG_CONNECTIONS_PER_ADDRESS", "2")).port();
    TestSocket first = TestSocket.open(port, "/ws");
    TestSocket second = TestSocket.open(port, "/ws");

    assertThat(handshake(port)).startsWith("HTTP/1.1 429").containsIgnoringCase("retry-after: 30");

    first.close(1000, "");
    first.closed();
    await().untilAsserted(() -> assertThat(handshake(port)).startsWith("HTTP/1.1 101"));
    second.close(1000, "");
  }

  @Test
  void behind_a_trusted_proxy_it_is_the_clients_address_that_counts() throws IOException {
    int port = own.with(
            Map.of("MADANG_CONNECTIONS_PER_ADDRESS", "1", "MADANG_TRUSTED_PROXIES", "127.0.0.0/8"))
        .port();
    try (RawSocket mina = forwarded(port, "198.51.100.1")) {
      assertThat(mina.readHeaders()).startsWith("HTTP/1.1 101");
      try (RawSocket jun = forwarded(port, "198.51.100.2");
          RawSocket minaAgain = forwarded(port, "6.6.6.6, 198.51.100.1")) {
        assertThat(jun.readHeaders()).startsWith("HTTP/1.1 101");
        assertThat(minaAgain.readHeaders()).startsWith("HTTP/1.1 429");
      }
    }
  }

  private static RawSocket forwarded(int port, String from) throws IOException {
    RawSocket raw = new RawSocket(port);
    raw.write(RawSocket.handshake("/ws", "13") + "X-Forwarded-For: " + from + "\r\n\r\n");
    return raw;
  }

  @Test
  void a_header_that_no_trusted_proxy_sent_counts_for_nothing() throws IOException {
    int port = own.with(Map.of("MADANG_CONNECTIONS_PER_ADDRESS", "1")).port();
    try (RawSocket mina = forwarded(port, "198.51.100.1")) {
      assertThat(mina.readHeaders()).startsWith("HTTP/1.1 101");
      try (RawSocket same = forwarded(port, "198.51.100.2")) {
        assertThat(same.readHeaders()).startsWith("HTTP/1.1 429");
      }
    }
  }

  @Test
  void strict_limits_let_ten_requests_of_a_connection_in_at_once() {
    int port = own.with(Map.of("MADANG_LIMITS", "strict")).port();
    TestSocket socket = TestSocket.signedIn(port, "mina");
    for (int ref = 2; ref <= 10; ref++) {
      assertThat(socket.ask("{'type':'ping','ref':%d}".formatted(ref)).getString("type"))
          .isEqualTo("pong");
    }

    assertThat(socket.ask("{'type':'ping','ref':11}").getString("code")).isEqualTo("rate-limited");
  }

  @Test
  void a_connection_with_more_bytes_of_requests_than_may_wait_is_told_when_to_come_back() {
    int port = own.with(Map.of("MADANG_MAX_PENDING_BYTES", "16384")).port();
    TestSocket socket = TestSocket.signedIn(port, "mina");
    String command = "{'type':'command','ref':%d,'service':'tester','name':'later','args':{%s}}";
    socket.send(command.formatted(2, " ".repeat(16_000)));

    JsonObject error = socket.ask(command.formatted(3, " ".repeat(1_000)));
    assertThat(error.getString("code")).isEqualTo("too-many-requests");
    assertThat(error.getString("retry")).isEqualTo("later");
    assertThat(error.getInteger("retryAfterMs")).isPositive();
    assertThat(socket.next().getInteger("ref")).isEqualTo(2);
  }

  @Test
  void a_connection_with_more_requests_than_may_wait_is_told_when_to_come_back() {
    int port = own.with(Map.of("MADANG_MAX_PENDING", "1")).port();
    TestSocket socket = TestSocket.signedIn(port, "mina");
    socket.send("{'type':'command','ref':2,'service':'tester','name':'later'}");

    JsonObject error = socket.ask("{'type':'command','ref':3,'service':'tester','name':'later'}");
    assertThat(error.getString("code")).isEqualTo("too-many-requests");
    assertThat(error.getInteger("retryAfterMs")).isPositive();
  }

  @Test
  void a_connection_with_as_many_topics_as_may_be_gets_no_more_also_not_by_a_resume() {
    int port = own.with(Map.of("MADANG_MAX_TOPICS", "2")).port();
    TestSocket socket = TestSocket.signedIn(port, "mina");

    assertThat(socket
            .ask("{'type':'resume','ref':2,'topics':[" + position("a") + "," + position("b") + ","
                + position("c") + "]}")
            .getString("code"))
        .isEqualTo("too-many-topics");
    assertThat(socket
            .ask("{'type':'resume','ref':3,'topics':[" + position("a") + "," + position("b") + "]}")
            .getString("type"))
        .isEqualTo("resumed");
    assertThat(socket.ask("{'type':'subscribe','ref':4,'topic':'log:c'}").getString("code"))
        .isEqualTo("too-many-topics");
  }

  private static String position(String log) {
    return "{'topic':'log:" + log + "','epoch':'e1','offset':0}";
  }

  @Test
  void connections_that_come_too_fast_are_told_when_to_come_back() throws IOException {
    int port = own.with(Map.of("MADANG_ACCEPT_RATE", "2")).port();
    handshake(port);
    handshake(port);

    assertThat(handshake(port)).startsWith("HTTP/1.1 429").containsIgnoringCase("retry-after: 1");
  }

  private static String poll(int port) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port + "/sockjs/000/full/xhr"))
        .timeout(Duration.ofSeconds(10))
        .POST(HttpRequest.BodyPublishers.noBody())
        .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void a_sockjs_session_for_which_there_is_no_room_is_told_in_a_frame() throws Exception {
    int port = own.with(Map.of("MADANG_CONNECTIONS_PER_ADDRESS", "1")).port();
    TestSocket.open(port, "/ws");

    assertThat(poll(port)).isEqualTo("o\n");
    assertThat(poll(port)).startsWith("a[").contains("too-many-connections", "1013");
    assertThat(poll(port)).startsWith("c[1013,");
  }

  @Test
  void a_user_with_too_many_connections_is_told_on_the_new_one() {
    int port = own.with(Map.of("MADANG_CONNECTIONS_PER_USER", "1")).port();
    TestSocket first = TestSocket.signedIn(port, "mina");
    TestSocket second = TestSocket.open(port, "/ws");

    assertThat(second.ask("{'type':'connect','ref':1,'token':'good-mina'}").getString("code"))
        .isEqualTo("too-many-connections");
    assertThat(second.next().getInteger("code")).isEqualTo(1013);
    assertThat(TestSocket.signedIn(port, "jun")).isNotNull();
    assertThat(first.ask("{'type':'ping','ref':2}").getString("type")).isEqualTo("pong");
  }

  @Test
  void a_connection_that_asks_too_fast_is_told_how_long_to_wait() {
    int port = own.with(Map.of("MADANG_COMMAND_RATE", "1", "MADANG_COMMAND_BURST", "10"))
        .port();
    TestSocket socket = TestSocket.signedIn(port, "mina");
    for (int ref = 2; ref <= 10; ref++) {
      assertThat(socket.ask("{'type':'ping','ref':%d}".formatted(ref)).getString("type"))
          .isEqualTo("pong");
    }

    JsonObject error = socket.ask("{'type':'ping','ref':11}");
    assertThat(error.getString("code")).isEqualTo("rate-limited");
    assertThat(error.getString("retry")).isEqualTo("later");
    assertThat(error.getInteger("retryAfterMs")).isBetween(1, 1_000);
  }

  @Test
  void a_user_who_asks_too_fast_over_http_is_told_how_long_to_wait() throws IOException {
    int port = own.with(Map.of(
            "MADANG_COMMAND_RATE", "1", "MADANG_COMMAND_BURST", "10", "MADANG_HTTP_LOOPS", "1"))
        .port();
    String answer = "";
    for (int i = 0; i <= 10; i++) {
      try (RawSocket raw = new RawSocket(port)) {
        raw.write(String.join(
            "\r\n",
            "POST /api/tester/whoAmI HTTP/1.1",
            "Host: x",
            "Authorization: Bearer good-mina",
            "Content-Length: 0",
            "",
            ""));
        answer = raw.readHeaders();
        assertThat(answer).startsWith(i < 10 ? "HTTP/1.1 200" : "HTTP/1.1 429");
      }
    }
    assertThat(answer).containsIgnoringCase("retry-after: 1");
  }

  @Test
  void a_socket_on_which_nobody_signs_in_is_closed() {
    int port = own.with(Map.of("MADANG_HANDSHAKE_TIMEOUT_MS", "500")).port();

    assertThat(TestSocket.open(port, "/ws").closed().code()).isEqualTo(4002);
  }

  @Test
  void a_connection_that_never_asks_for_anything_is_closed() throws IOException {
    int port = own.with(Map.of("MADANG_HANDSHAKE_TIMEOUT_MS", "500")).port();
    try (RawSocket silent = new RawSocket(port);
        RawSocket slow = new RawSocket(port);
        RawSocket unfinished = new RawSocket(port)) {
      slow.write("GET /health/live HTTP/1.1\r\nHost:");
      unfinished.write("POST /api/tester/say HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
          + "Content-Type: application/json\r\n\r\n{");

      assertThat(silent.isEnded()).isTrue();
      assertThat(slow.isEnded()).isTrue();
      assertThat(unfinished.isEnded()).isTrue();
    }
  }

  @Test
  void a_client_that_answers_no_ping_is_closed() throws IOException {
    int port = own.with(Map.of("MADANG_KEEP_ALIVE_MS", "300", "MADANG_CLIENT_TIMEOUT_MS", "900"))
        .port();
    TestSocket answering = TestSocket.signedIn(port, "mina");
    try (RawSocket mute = RawSocket.upgraded(port, "/ws")) {
      mute.frame(
          RawSocket.TEXT,
          true,
          "{\"type\":\"connect\",\"ref\":1,\"token\":\"good-jun\"}"
              .getBytes(StandardCharsets.UTF_8));

      assertThat(mute.closeCode()).isEqualTo(4001);
    }
    assertThat(answering.ask("{'type':'ping','ref':2}").getString("type")).isEqualTo("pong");
  }

  @Tag("slow")
  @Test
  void a_client_that_does_not_read_is_cut_off_and_hurts_nobody() throws IOException {
    RunningGateway gateway = own.with(Map.of());
    TestSocket reading = TestSocket.signedIn(gateway.port(), "mina");
    try (RawSocket stalled = RawSocket.upgraded(gateway.port(), "/ws")) {
      stalled.frame(
          RawSocket.TEXT,
          true,
          "{\"type\":\"connect\",\"ref\":1,\"token\":\"good-jun\"}"
              .getBytes(StandardCharsets.UTF_8));
      // Each answer is a hundred times the question, and none is read.
      byte[] large = "{\"type\":\"command\",\"ref\":2,\"service\":\"tester\",\"name\":\"large\"}"
          .getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 200; i++) {
        large = new String(large, StandardCharsets.UTF_8)
            .replaceFirst("\"ref\":\\d+", "\"ref\":" + (i + 2))
            .getBytes(StandardCharsets.UTF_8);
        stalled.frame(RawSocket.TEXT, true, large);
      }

      await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
        assertThat(gateway.closes("slow-consumer")).isEqualTo(1);
        assertThat(gateway.gauge("madang.connections")).isEqualTo(1);
      });
    }
    assertThat(reading.ask("{'type':'ping','ref':2}").getString("type")).isEqualTo("pong");
  }

  @Tag("slow")
  @Test
  void a_client_that_reads_late_gets_everything_in_order_and_once() throws IOException {
    RunningGateway gateway = own.with(Map.of());
    TestSocket mina = TestSocket.signedIn(gateway.port(), "mina");
    try (RawSocket late = RawSocket.upgraded(gateway.port(), "/ws")) {
      say(late, "{\"type\":\"connect\",\"ref\":1,\"token\":\"good-jun\"}");
      say(late, "{\"type\":\"subscribe\",\"ref\":2,\"topic\":\"log:a\"}");
      assertThat(late.text()).contains("connected");
      assertThat(late.text()).contains("subscribed");
      // More than the buffers of the operating system take.
      int count = 2_000;
      mina.ask("{'type':'command','ref':2,'service':'tester','name':'flood',"
          + "'args':{'log':'a','count':%d,'bytes':8000}}".formatted(count));
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () -> assertThat(gateway.gauge("madang.lagging.connections")).isEqualTo(1));

      for (int offset = 1; offset <= count; offset++) {
        JsonObject publication = new JsonObject(late.text());
        assertThat(publication.getString("type")).isEqualTo("publication");
        assertThat(publication.getInteger("offset")).isEqualTo(offset);
        assertThat(publication.getInteger("prev")).isEqualTo(offset - 1);
      }
      assertThat(gateway.closes("slow-consumer")).isZero();
    }
  }

  private static void say(RawSocket socket, String frame) throws IOException {
    socket.frame(RawSocket.TEXT, true, frame.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_stop_tells_every_client_to_come_back_elsewhere() {
    RunningGateway gateway = own.with(Map.of());
    TestSocket native1 = TestSocket.signedIn(gateway.port(), "mina");
    TestSocket sockjs = TestSocket.open(gateway.port(), "/sockjs/websocket");
    sockjs.ask("{'type':'connect','ref':1,'token':'good-jun'}");
    own.stop();

    for (TestSocket socket : new TestSocket[] {native1, sockjs}) {
      JsonObject disconnect = socket.next();
      assertThat(disconnect.getString("type")).isEqualTo("disconnect");
      assertThat(disconnect.getInteger("code")).isEqualTo(1012);
      assertThat(disconnect.getBoolean("reconnect")).isTrue();
      assertThat(disconnect.getInteger("afterMs")).isBetween(0, 500);
      assertThat(socket.closed().code()).isEqualTo(1012);
    }
    assertThat(gateway.health.problems()).containsKey("gateway");
  }

  @Test
  void a_stop_answers_what_was_asked_before_it_says_goodbye() {
    RunningGateway gateway = own.with(Map.of());
    TestSocket socket = TestSocket.signedIn(gateway.port(), "mina");
    socket.send("{'type':'command','ref':2,'service':'tester','name':'later'}");
    await().until(() -> gateway.service.commands.get() == 1);
    Future<?> stopped = gateway.role.stop();

    assertThat(socket.next().getInteger("ref")).isEqualTo(2);
    assertThat(socket.next().getInteger("code")).isEqualTo(1012);
    assertThat(socket.closed().code()).isEqualTo(1012);
    RunningGateway.get(stopped);
  }

  @Test
  @Tag("slow")
  void a_stop_lets_clients_in_while_it_gets_about_that_the_gateway_is_not_ready() {
    RunningGateway gateway = own.with(Map.of("MADANG_DRAIN_ANNOUNCE_MS", "1500"));
    Future<?> stopped = gateway.role.stop();

    assertThat(gateway.health.problems()).containsKey("gateway");
    TestSocket late = TestSocket.signedIn(gateway.port(), "mina");
    assertThat(late.ask("{'type':'ping','ref':2}").getString("type")).isEqualTo("pong");
    assertThat(late.next().getInteger("code")).isEqualTo(1012);
    RunningGateway.get(stopped);
  }

  @Test
  void a_stop_sends_many_clients_away_one_after_the_other() {
    RunningGateway gateway = own.with(Map.of("MADANG_HTTP_LOOPS", "1"));
    List<TestSocket> sockets = IntStream.range(0, 100)
        .mapToObj(i -> TestSocket.signedIn(gateway.port(), "user" + i))
        .toList();
    Future<?> stopped = gateway.role.stop();

    List<Long> when = sockets.stream()
        .map(socket -> {
          assertThat(socket.next().getInteger("code")).isEqualTo(1012);
          return socket.closedAtMs();
        })
        .sorted()
        .toList();
    assertThat(when.get(99) - when.get(0)).isGreaterThan(200);
    RunningGateway.get(stopped);
  }

  @Test
  @Tag("slow")
  void a_stop_does_not_wait_for_a_client_that_is_gone_without_a_word() throws IOException {
    RunningGateway gateway = own.with(Map.of("MADANG_DRAIN_MS", "1000"));
    try (RawSocket mute = RawSocket.upgraded(gateway.port(), "/ws")) {
      own.stop();

      assertThat(mute.closeCode()).isEqualTo(1012);
    }
  }
}
