package io.madang.gateway.edge.signalr.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.edge.RawHttp;
import io.madang.gateway.edge.RawHttp.Answer;
import io.vertx.core.Future;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** A gateway stops that carries hub connections of another, which goes on. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubLeavingTest {
  private EchoHubs hubs;

  @BeforeEach
  void start() {
    hubs = new EchoHubs(2);
  }

  @AfterEach
  void stop() {
    hubs.close();
  }

  private Answer askHome(String method, String path, String body) {
    return RawHttp.ask(hubs.port(0), method, path, body);
  }

  /** At the gateway that stops; the home knows of it. */
  private RawHttp poll(String connection) throws IOException {
    int before = hubs.heard.get();
    RawHttp poll = new RawHttp(hubs.port(1));
    poll.send("GET", connection, "");
    await().until(() -> hubs.heard.get() > before);
    return poll;
  }

  @Test
  void a_poll_is_answered_with_nothing_and_its_client_goes_on_at_another() throws IOException {
    String connection = hubs.polled(0);
    try (RawHttp poll = poll(connection)) {
      Future<?> left = hubs.leave(1);

      Answer answer = poll.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.header("connection")).hasValue("close");
      await().until(left::succeeded);
      askHome("POST", connection, "a");
      assertThat(askHome("GET", connection, "").body()).isEqualTo("a");
      assertThat(hubs.closed).hasValue(0);
    }
  }

  @Test
  void what_was_on_its_way_to_a_poll_is_brought_by_the_next() throws IOException {
    String connection = hubs.polled(0);
    try (RawHttp poll = poll(connection)) {
      hubs.gateways.arrives = (to, word) -> !to.equals(hubs.id(1));
      askHome("POST", connection, "a");
      Future<?> left = hubs.leave(1);

      assertThat(poll.answer().body()).isEmpty();
      await().until(left::succeeded);
      assertThat(askHome("GET", connection, "").body()).isEqualTo("a");
    }
  }

  @Test
  void a_poll_that_comes_behind_all_slots_is_sent_away_at_once() {
    String connection = hubs.polled(0);
    await().until(hubs.leave(1)::succeeded);

    Answer answer = RawHttp.ask(hubs.port(1), "GET", connection, "");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.header("connection")).hasValue("close");
    askHome("POST", connection, "a");
    assertThat(askHome("GET", connection, "").body()).isEqualTo("a");
  }

  @Test
  void a_stream_ends_behind_its_homes_goodbye() throws IOException {
    String connection = hubs.negotiated(0);
    try (RawHttp stream = new RawHttp(hubs.port(1))) {
      stream.send("GET", connection, "", "Accept", "text/event-stream");
      assertThat(stream.head().status()).isEqualTo(200);
      assertThat(stream.frame()).isEqualTo(":\r\n");
      askHome("POST", connection, "a");
      assertThat(stream.frame().strip()).isEqualTo("data: a");
      Future<?> left = hubs.leave(1);

      assertThat(stream.frame().strip()).isEqualTo("data: restarting");
      await().until(left::succeeded);
      await().untilAsserted(() -> assertThat(hubs.closed).hasValue(1));
    }
  }

  @Test
  void a_poll_and_a_stream_of_its_own_are_left_to_their_drain() throws IOException {
    String connection = hubs.polled(1);
    try (RawHttp poll = poll(connection)) {
      await().until(hubs.leave(1)::succeeded);
      RawHttp.ask(hubs.port(1), "POST", connection, "a");

      assertThat(poll.answer().body()).isEqualTo("a");
    }
  }
}
