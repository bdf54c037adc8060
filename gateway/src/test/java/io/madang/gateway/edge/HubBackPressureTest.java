package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
  private static final String TOKEN = "good-jun";

  @RegisterExtension
  final OwnGateway own = new OwnGateway();

  /** A socket that was let in, whose messages are read only when the test says so. */
  private static RawSocket socket(RunningGateway gateway, String format) throws IOException {
    RawSocket raw = RawSocket.upgraded(gateway.port(), "/hubs/test?access_token=" + TOKEN);
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
    double others = gateway.gauge("madang.connections");
    try (RawSocket stalled = socket(gateway, format)) {
      Flood.in("lobby", gateway);
      // What it asks does not count: it reads nothing.
      stalled.frame(RawSocket.TEXT, true, "{\"type\":6}\u001e".getBytes(StandardCharsets.UTF_8));

      Flood.awaitEviction(gateway, others);
    }
    for (int i = 1; i <= Flood.COUNT; i++) {
      assertThat(reading.next()).startsWith(said(i));
    }
    assertThat(reading.call("Later", "[]"))
        .isEqualTo("{'type':3,'invocationId':'#','result':null}");
  }

  @Test
  @Tag("slow")
  void a_stream_of_which_nothing_is_taken_is_ended() throws IOException {
    RunningGateway gateway = own.with(Map.of("MADANG_STALLED_MS", "1000"));
    String connection = HubNegotiation.path(gateway.port(), TOKEN);
    try (RawSocket stalled = stream(gateway, connection)) {
      Flood.in("lobby", gateway);

      Flood.awaitEviction(gateway, 0);
      stalled.readUntil("number 1 ");
    }
  }

  @Test
  @Tag("slow")
  void who_polls_no_more_is_given_up() {
    RunningGateway gateway = own.with(Map.of("MADANG_STALLED_MS", "1000"));
    String connection = polled(gateway);
    Flood.in("lobby", gateway);

    Flood.awaitEviction(gateway, 0);
    assertThat(RawHttp.ask(gateway.port(), "GET", connection, "").status()).isEqualTo(204);
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
      Flood.in("lobby", gateway);
      Flood.awaitLagging(gateway, 1);

      for (int i = 1; i <= Flood.COUNT; i++) {
        assertThat(nextNumber(late)).isEqualTo(i);
      }
      assertThat(gateway.closes("slow-consumer")).isZero();
      Flood.awaitLagging(gateway, 0);
    }
  }

  /** The number of the next that was said, whatever is between. */
  private static int nextNumber(RawSocket socket) throws IOException {
    socket.readUntil("number ");
    return Integer.parseInt(socket.readWord());
  }

  /** A stream whose client was let in, and which is read only when the test says so. */
  private static RawSocket stream(RunningGateway gateway, String connection) throws IOException {
    RawSocket stream = new RawSocket(gateway.port());
    stream.write("GET " + connection + " HTTP/1.0\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");
    stream.readUntil(":\r\n");
    shakeHands(gateway, connection);
    stream.readUntil("u-jun");
    return stream;
  }

  @Test
  void a_stream_that_is_read_late_brings_everything_once_and_in_order() throws IOException {
    RunningGateway gateway = own.with(Map.of());
    try (RawSocket late = stream(gateway, HubNegotiation.path(gateway.port(), TOKEN))) {
      Flood.in("lobby", gateway);
      Flood.awaitLagging(gateway, 1);

      for (int i = 1; i <= Flood.COUNT; i++) {
        assertThat(nextNumber(late)).isEqualTo(i);
      }
      assertThat(gateway.closes("slow-consumer")).isZero();
    }
  }

  /** Where a client polls that was let in. */
  private static String polled(RunningGateway gateway) {
    String connection = HubNegotiation.path(gateway.port(), TOKEN);
    assertThat(poll(gateway, connection)).isEmpty();
    shakeHands(gateway, connection);
    assertThat(poll(gateway, connection)).startsWith("{}\u001e");
    return connection;
  }

  @Test
  void polls_that_come_late_bring_everything_once_and_in_order() {
    RunningGateway gateway = own.with(Map.of());
    String connection = polled(gateway);
    Flood.in("lobby", gateway);
    Flood.awaitLagging(gateway, 1);

    int number = 1;
    while (number <= Flood.COUNT) {
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

  private static void shakeHands(RunningGateway gateway, String connection) {
    assertThat(RawHttp.ask(
                gateway.port(), "POST", connection, "{\"protocol\":\"json\",\"version\":1}\u001e")
            .status())
        .isEqualTo(200);
  }
}
