package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients at hubs that read slowly or not at all, with real networks between, while others read. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubBackPressureTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String PATH = "/hubs/test?access_token=good-jun";

  /** More than the buffers of the operating system take, of {@value #BYTES} bytes each. */
  private static final int COUNT = 2_000;

  private static final int BYTES = 8_000;

  @RegisterExtension
  final OwnGateway own = new OwnGateway();

  private static void flood(RunningGateway gateway) {
    TestSocket.signedIn(gateway.port(), "flood")
        .ask(
            "{'type':'command','ref':2,'service':'tester','name':'flood','args':{'log':'lobby','count':%d,'bytes':%d}}"
                .formatted(COUNT, BYTES));
  }

  private static void awaitOneThatLags(RunningGateway gateway) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(gateway.gauge("madang.lagging.connections")).isEqualTo(1));
  }

  /** A socket that was let in, whose messages are read only when the test says so. */
  private static RawSocket socket(RunningGateway gateway, String format) throws IOException {
    RawSocket raw = RawSocket.upgraded(gateway.port(), PATH);
    raw.frame(
        RawSocket.TEXT,
        true,
        ("{\"protocol\":\"" + format + "\",\"version\":1}\u001e").getBytes(StandardCharsets.UTF_8));
    raw.readUntil("{}\u001e");
    raw.readUntil("u-jun");
    return raw;
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "messagepack"})
  @Tag("slow")
  void who_takes_nothing_is_evicted_and_who_reads_hears_everything(String format)
      throws IOException {
    RunningGateway gateway = own.with(Map.of("MADANG_STALLED_MS", "1000"));
    HubClient reading = HubClient.greeted(gateway.port(), format, "sora");
    try (RawSocket stalled = socket(gateway, format)) {
      double before = gateway.gauge("madang.connections");
      flood(gateway);
      // What it asks does not count: it reads nothing.
      stalled.frame(RawSocket.TEXT, true, "{\"type\":6}\u001e".getBytes(StandardCharsets.UTF_8));
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(gateway.closes("slow-consumer")).isEqualTo(1));
      // The goodbye waits behind what is not read, and so the channel ends without it.
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(gateway.gauge("madang.connections")).isEqualTo(before));
      assertThat(gateway.gauge("madang.lagging.connections")).isZero();
    }
    for (int i = 1; i <= COUNT; i++) {
      assertThat(reading.next()).startsWith(said(i));
    }
    assertThat(reading.call("Later", "[]"))
        .isEqualTo("{'type':3,'invocationId':'#','result':null}");
  }

  private static String said(int number) {
    return "{'type':1,'target':'Said','arguments':['lobby','number " + number + " x";
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "messagepack"})
  void a_socket_that_is_read_late_brings_everything_once_and_in_order(String format)
      throws IOException {
    RunningGateway gateway = own.with(Map.of());
    try (RawSocket late = socket(gateway, format)) {
      flood(gateway);
      awaitOneThatLags(gateway);

      for (int i = 1; i <= COUNT; i++) {
        assertThat(nextNumber(late)).isEqualTo(i);
      }
      assertThat(gateway.closes("slow-consumer")).isZero();
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> assertThat(gateway.gauge("madang.lagging.connections")).isZero());
    }
  }

  /** The number of the next that was said, whatever is between. */
  private static int nextNumber(RawSocket socket) throws IOException {
    socket.readUntil("number ");
    return Integer.parseInt(socket.readWord());
  }

  @Test
  void a_stream_that_is_read_late_brings_everything_once_and_in_order() throws IOException {
    RunningGateway gateway = own.with(Map.of());
    String connection = negotiated(gateway);
    try (RawSocket late = new RawSocket(gateway.port())) {
      late.write("GET " + connection + " HTTP/1.0\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");
      late.readUntil(":\r\n");
      shakeHands(gateway, connection);
      late.readUntil("u-jun");
      flood(gateway);
      awaitOneThatLags(gateway);

      for (int i = 1; i <= COUNT; i++) {
        assertThat(nextNumber(late)).isEqualTo(i);
      }
      assertThat(gateway.closes("slow-consumer")).isZero();
    }
  }

  @Test
  void polls_that_come_late_bring_everything_once_and_in_order() {
    RunningGateway gateway = own.with(Map.of());
    String connection = negotiated(gateway);
    assertThat(poll(gateway, connection)).isEmpty();
    shakeHands(gateway, connection);
    assertThat(poll(gateway, connection)).startsWith("{}\u001e");
    flood(gateway);
    awaitOneThatLags(gateway);

    int number = 1;
    while (number <= COUNT) {
      for (String message : poll(gateway, connection).split("\u001e", -1)) {
        if (message.contains("Said")) {
          assertThat(message.replace('"', '\'')).startsWith(said(number++));
        }
      }
    }
    assertThat(gateway.closes("slow-consumer")).isZero();
  }

  private static String poll(RunningGateway gateway, String connection) {
    RawHttp.Answer answer = RawHttp.ask(gateway.port(), "GET", connection, "");
    assertThat(answer.status()).isEqualTo(200);
    return answer.body();
  }

  private static String negotiated(RunningGateway gateway) {
    String body = RawHttp.ask(
            gateway.port(), "POST", PATH.replace("?", "/negotiate?negotiateVersion=1&"), "")
        .body();
    return PATH + "&id=" + new JsonObject(body).getString("connectionToken");
  }

  private static void shakeHands(RunningGateway gateway, String connection) {
    assertThat(RawHttp.ask(
                gateway.port(), "POST", connection, "{\"protocol\":\"json\",\"version\":1}\u001e")
            .status())
        .isEqualTo(200);
  }
}
