package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that read slowly or not at all, with real networks between. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BackPressureTest {
  @RegisterExtension
  final OwnGateway own = new OwnGateway();

  private static void say(RawSocket socket, String frame) throws IOException {
    socket.frame(RawSocket.TEXT, true, frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static RawSocket subscribed(RunningGateway gateway, String log) throws IOException {
    RawSocket raw = RawSocket.upgraded(gateway.port(), "/ws");
    say(raw, "{'type':'connect','ref':1,'token':'good-jun'}");
    say(raw, "{'type':'subscribe','ref':2,'topic':'log:" + log + "'}");
    assertThat(raw.text()).contains("connected");
    assertThat(raw.text()).contains("subscribed");
    return raw;
  }

  @Test
  @Tag("slow")
  void who_takes_nothing_is_evicted_and_who_reads_hears_everything() throws IOException {
    RunningGateway gateway = own.with(Map.of("MADANG_STALLED_MS", "1000"));
    TestSocket reading = TestSocket.signedIn(gateway.port(), "sora");
    reading.ask("{'type':'subscribe','ref':2,'topic':'log:a'}");
    try (RawSocket stalled = subscribed(gateway, "a")) {
      Flood.in("a", gateway);
      // What it asks does not count: it reads nothing.
      say(stalled, "{'type':'ping','ref':3}");

      Flood.awaitEviction(gateway, 1);
    }
    for (int offset = 1; offset <= Flood.COUNT; offset++) {
      assertThat(reading.next().getInteger("offset")).isEqualTo(offset);
    }
  }

  @Test
  void an_event_stream_that_is_read_late_lags_and_brings_everything_in_order() throws IOException {
    RunningGateway gateway = own.with(Map.of());
    try (RawSocket late = streaming(gateway)) {
      Flood.in("a", gateway);
      Flood.awaitLagging(gateway, 1);

      for (int offset = 1; offset <= Flood.COUNT; offset++) {
        late.readUntil(",\"offset\":" + offset + ",\"prev\":" + (offset - 1) + ",");
      }
      assertThat(gateway.closes("slow-consumer")).isZero();
      assertThat(gateway.gauge("madang.lagging.connections")).isZero();
    }
  }

  @Test
  @Tag("slow")
  void an_event_stream_that_takes_nothing_is_evicted() throws IOException {
    RunningGateway gateway = own.with(Map.of("MADANG_STALLED_MS", "1000"));
    try (RawSocket stalled = streaming(gateway)) {
      Flood.in("a", gateway);

      Flood.awaitEviction(gateway, 0);
      stalled.readUntil("\"offset\":1,");
    }
  }

  private static RawSocket streaming(RunningGateway gateway) throws IOException {
    RawSocket raw = new RawSocket(gateway.port());
    raw.write(
        "GET /stream?topic=log:a HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer good-jun\r\n\r\n");
    raw.readUntil("event: subscribed");
    return raw;
  }

  @Test
  void what_is_not_read_waits_here_where_it_counts_and_not_in_the_kernel() throws IOException {
    RunningGateway gateway = own.with(Map.of());
    try (RawSocket stalled = subscribed(gateway, "a")) {
      Flood.in("a", gateway, 100);
      Flood.awaitLagging(gateway, 1);
      assertThat(stalled.text()).contains("\"offset\":1,");
    }
  }

  @Test
  void who_reads_late_has_its_answers_and_its_publications_each_in_order_and_all()
      throws IOException {
    RunningGateway gateway = own.with(Map.of());
    try (RawSocket late = subscribed(gateway, "a")) {
      int pings = 100;
      Flood.in("a", gateway, Flood.COUNT / 2);
      Flood.awaitLagging(gateway, 1);
      for (int ref = 1; ref <= pings; ref++) {
        say(late, "{'type':'ping','ref':" + (10 + ref) + "}");
      }
      Flood.in("a", gateway, Flood.COUNT / 2);

      int offset = 0;
      int ref = 10;
      while (offset < Flood.COUNT || ref < 10 + pings) {
        JsonObject frame = new JsonObject(late.text());
        if (frame.getString("type").equals("pong")) {
          assertThat(frame.getInteger("ref")).isEqualTo(++ref);
        } else {
          assertThat(frame.getInteger("offset")).isEqualTo(++offset);
          assertThat(frame.getInteger("prev")).isEqualTo(offset - 1);
        }
      }
      assertThat(gateway.closes("slow-consumer")).isZero();
      assertThat(gateway.gauge("madang.lagging.connections")).isZero();
    }
  }

  @Test
  void who_publishes_and_hears_it_is_told_in_the_order_in_which_it_was_sent() throws IOException {
    RunningGateway gateway = own.with(Map.of(
        "MADANG_COMMAND_RATE",
        "100000",
        "MADANG_COMMAND_BURST",
        "100000",
        "MADANG_USER_COMMAND_RATE",
        "100000",
        "MADANG_USER_COMMAND_BURST",
        "100000"));
    try (RawSocket raw = subscribed(gateway, "b")) {
      int count = 200;
      for (int i = 1; i <= count; i++) {
        say(
            raw,
            "{'type':'command','ref':%d,'service':'tester','name':'say','args':['b','%d']}"
                .formatted(i + 2, i));
        say(raw, "{'type':'ping','ref':" + (10_000 + i) + "}");
      }
      int replies = 0;
      int pongs = 0;
      int publications = 0;
      while (replies < count || pongs < count || publications < count) {
        JsonObject frame = new JsonObject(raw.text());
        switch (frame.getString("type")) {
          case "reply" -> assertThat(frame.getInteger("ref")).isEqualTo(++replies + 2);
          case "pong" -> assertThat(frame.getInteger("ref")).isEqualTo(10_000 + ++pongs);
          default -> assertThat(frame.getInteger("offset")).isEqualTo(++publications);
        }
      }
    }
  }
}
