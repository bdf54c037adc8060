package io.madang.gateway.edge.sockjs;

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
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A gateway stops that carries sessions of another, which goes on. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SockJsLeavingTest {
  private EchoServices services;

  @BeforeEach
  void start() {
    services = new EchoServices(2);
  }

  @AfterEach
  void stop() {
    services.close();
  }

  /** A session at a gateway, open. */
  private String session(int gateway) {
    String session = "/echo/n/" + services.id(gateway) + "/000/leaving";
    assertThat(ask(gateway, session + "/xhr", "").body()).isEqualTo("o\n");
    return session;
  }

  private Answer ask(int gateway, String path, String body) {
    return RawHttp.ask(services.port(gateway), "POST", path, body);
  }

  private void send(String session, String message) {
    assertThat(ask(0, session + "/xhr_send", "[\"" + message + "\"]").status()).isEqualTo(204);
  }

  /** At the gateway that stops; the home knows of it. */
  private RawHttp waiting(String method, String path) throws IOException {
    int before = services.came();
    RawHttp waiting = new RawHttp(services.port(1));
    waiting.send(method, path, "");
    await().until(() -> services.came() > before);
    return waiting;
  }

  @Nested
  class A_poll {
    @Test
    void ends_with_a_heartbeat_and_its_client_goes_on_at_another() throws IOException {
      String session = session(0);
      try (RawHttp poll = waiting("POST", session + "/xhr")) {
        Future<?> left = services.leave(1);

        Answer answer = poll.answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("h\n");
        assertThat(answer.header("connection")).hasValue("close");
        await().until(left::succeeded);
        send(session, "a");
        assertThat(ask(0, session + "/xhr", "").body()).isEqualTo("a[\"a\"]\n");
        assertThat(services.closed).hasValue(0);
      }
    }

    @Test
    void that_is_a_script_calls_with_a_heartbeat() throws IOException {
      String session = session(0);
      try (RawHttp poll = waiting("GET", session + "/jsonp?c=call")) {
        Future<?> left = services.leave(1);

        assertThat(poll.answer().body()).endsWith("call(\"h\");\r\n");
        await().until(left::succeeded);
        assertThat(services.closed).hasValue(0);
      }
    }

    @Test
    void that_comes_behind_all_slots_is_sent_away_at_once() {
      String session = session(0);
      await().until(services.leave(1)::succeeded);

      Answer answer = ask(1, session + "/xhr", "");
      assertThat(answer.body()).isEqualTo("h\n");
      assertThat(answer.header("connection")).hasValue("close");
      send(session, "a");
      assertThat(ask(0, session + "/xhr", "").body()).isEqualTo("a[\"a\"]\n");
    }

    @Test
    void of_a_session_of_its_own_is_left_to_its_drain() throws IOException {
      String session = session(1);
      try (RawHttp poll = waiting("POST", session + "/xhr")) {
        await().until(services.leave(1)::succeeded);
        send(session, "a");

        assertThat(poll.answer().body()).isEqualTo("a[\"a\"]\n");
      }
    }
  }

  @Nested
  class A_stream {
    private RawHttp streaming(int gateway, String session) throws IOException {
      RawHttp stream = new RawHttp(services.port(gateway));
      int before = services.came();
      stream.send("POST", session + "/xhr_streaming", "");
      assertThat(stream.head().status()).isEqualTo(200);
      stream.frame();
      await().until(() -> services.came() > before);
      return stream;
    }

    @Test
    void ends_behind_what_it_was_told_and_the_next_goes_on_where_it_ended() throws IOException {
      String session = session(0);
      try (RawHttp stream = streaming(1, session)) {
        send(session, "a");
        assertThat(stream.frame()).isEqualTo("a[\"a\"]\n");
        Future<?> left = services.leave(1);

        assertThat(stream.frame()).as("the end, in order").isEmpty();
        await().until(left::succeeded);
        send(session, "b");
        try (RawHttp next = streaming(0, session)) {
          assertThat(next.frame()).isEqualTo("a[\"b\"]\n");
          assertThat(services.closed).hasValue(0);
        }
      }
    }
  }
}
