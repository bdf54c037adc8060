package io.madang.gateway.edge.signalr.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.edge.RawHttp;
import io.madang.gateway.edge.RawHttp.Answer;
import io.madang.gateway.edge.signalr.negotiation.CarriedTimes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Hub connections over HTTP at one gateway. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubHttpTest {
  private EchoHubs hubs;

  @BeforeEach
  void start() {
    hubs = new EchoHubs(1);
  }

  @AfterEach
  void stop() {
    hubs.close();
  }

  private Answer ask(String method, String path, String body, String... headers) {
    return RawHttp.ask(hubs.port(0), method, path, body, headers);
  }

  private RawHttp waiting(String path, String... headers) throws IOException {
    RawHttp http = new RawHttp(hubs.port(0));
    http.send("GET", path, "", headers);
    return http;
  }

  /** A poll that the connection has, and that nothing has come for. */
  private RawHttp poll(String connection) throws IOException {
    int before = hubs.heard.get();
    RawHttp poll = waiting(connection);
    await().until(() -> hubs.heard.get() > before);
    return poll;
  }

  private RawHttp stream(String connection) throws IOException {
    RawHttp stream = waiting(connection, "Accept", "text/event-stream");
    assertThat(stream.head().status()).isEqualTo(200);
    assertThat(stream.frame()).isEqualTo(":\r\n");
    return stream;
  }

  private static void with(RawHttp http, ThrowingConsumer check) throws IOException {
    try (http) {
      check.accept(http);
    }
  }

  @FunctionalInterface
  private interface ThrowingConsumer {
    void accept(RawHttp http) throws IOException;
  }

  private static void assertNotKnown(Answer answer) {
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("No Connection with that ID");
  }

  @Nested
  class A_negotiation {
    private JsonObject negotiated(String query) {
      Answer answer = ask("POST", "/open/negotiate" + query, "");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("content-type")).contains("application/json");
      assertThat(answer.header("cache-control").orElseThrow()).contains("no-store");
      return new JsonObject(answer.body());
    }

    @Test
    void of_version_1_has_a_public_id_and_a_secret_token() {
      JsonObject answer = negotiated("?negotiateVersion=1");

      assertThat(answer.fieldNames())
          .containsExactlyInAnyOrder(
              "negotiateVersion", "connectionId", "connectionToken", "availableTransports");
      assertThat(answer.getInteger("negotiateVersion")).isEqualTo(1);
      assertThat(answer.getString("connectionId")).matches("[A-Za-z0-9_-]{22}");
      assertThat(answer.getString("connectionToken"))
          .matches("[A-Za-z0-9_-]+")
          .isNotEqualTo(answer.getString("connectionId"));
    }

    @Test
    void offers_the_transports_in_the_order_in_which_they_are_to_be_tried() {
      assertThat(negotiated("?negotiateVersion=1").getJsonArray("availableTransports"))
          .isEqualTo(new JsonArray("""
              [{"transport":"WebSockets","transferFormats":["Text","Binary"]},
               {"transport":"ServerSentEvents","transferFormats":["Text"]},
               {"transport":"LongPolling","transferFormats":["Text","Binary"]}]
              """));
    }

    @Test
    void of_version_0_has_one_id_by_which_the_client_comes() {
      JsonObject answer = negotiated("");

      assertThat(answer.fieldNames())
          .containsExactlyInAnyOrder("negotiateVersion", "connectionId", "availableTransports");
      assertThat(ask("GET", "/open?id=" + answer.getString("connectionId"), "").status())
          .isEqualTo(200);
    }

    @Test
    void of_a_higher_version_gets_the_newest() {
      assertThat(negotiated("?negotiateVersion=7").getInteger("negotiateVersion"))
          .isEqualTo(1);
      assertThat(negotiated("?NegotiateVersion=1").getInteger("negotiateVersion"))
          .isEqualTo(1);
    }

    @Test
    void of_no_version_that_there_is_says_so_and_makes_no_connection() {
      assertThat(negotiated("?negotiateVersion=one"))
          .isEqualTo(new JsonObject()
              .put("error", "The client requested a non-integer protocol version."));
      assertThat(negotiated("?negotiateVersion=-1").getString("error")).contains("'-1'");
      assertThat(hubs.known()).isZero();
    }

    @Test
    void promises_stateful_reconnect_to_those_alone_who_ask() {
      assertThat(negotiated("?negotiateVersion=1&useStatefulReconnect=true")
              .getBoolean("useStatefulReconnect"))
          .isTrue();
      assertThat(negotiated("?negotiateVersion=1").containsKey("useStatefulReconnect"))
          .isFalse();
    }

    @Test
    void is_asked_for_by_post_alone() {
      Answer answer = ask("GET", "/open/negotiate", "");

      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("allow").orElseThrow()).contains("POST");
    }

    @Test
    void needs_a_token_where_no_guests_are_let_in() throws IOException {
      with(new RawHttp(hubs.port(0)), http -> {
        http.write("POST /signed-in/negotiate HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");

        assertThat(http.bytes("HTTP/1.1 401 Unauthorized".length()))
            .isEqualTo("HTTP/1.1 401 Unauthorized");
      });
      assertThat(ask("POST", "/signed-in/negotiate", "", "Authorization", "Bearer bad")
              .status())
          .isEqualTo(401);
      assertThat(ask("POST", "/signed-in/negotiate", "", "Authorization", "Bearer good-ann")
              .status())
          .isEqualTo(200);
      assertThat(ask("POST", "/signed-in/negotiate?access_token=good-ann", "").status())
          .isEqualTo(200);
    }

    @Test
    void is_refused_while_too_many_wait_already() throws IOException {
      with(new RawHttp(hubs.port(0)), http -> {
        for (int i = 0; i < EchoHubs.MAX_WAITING; i++) {
          http.send("POST", "/open/negotiate", "");
          assertThat(http.answer().status()).isEqualTo(200);
        }
        http.send("POST", "/open/negotiate", "");
        Answer answer = http.answer();

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("retry-after")).contains("1");
      });
    }

    @Test
    void is_forgotten_when_nobody_comes_for_it_and_gives_its_place_back() throws IOException {
      for (int i = 0; i < 2 * EchoHubs.PLACES; i++) {
        String connection = hubs.negotiated(0);
        hubs.pass(CarriedTimes.ABSENCE.plusSeconds(1));

        assertNotKnown(ask("GET", connection, ""));
      }
      assertThat(hubs.known()).isZero();
    }

    @Test
    void still_counts_just_before_that() {
      String connection = hubs.negotiated(0);
      hubs.pass(CarriedTimes.ABSENCE.minusSeconds(1));

      assertThat(ask("GET", connection, "").status()).isEqualTo(200);
    }
  }

  @Nested
  class A_page {
    @Test
    void of_an_allowed_origin_may_ask_with_what_clients_send() {
      Answer answer = ask(
          "OPTIONS",
          "/open/negotiate",
          "",
          "Origin",
          EchoHubs.FRIEND,
          "Access-Control-Request-Method",
          "POST",
          "Access-Control-Request-Headers",
          "x-requested-with,x-signalr-user-agent,authorization,content-type");

      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.header("access-control-allow-origin")).contains(EchoHubs.FRIEND);
      assertThat(answer.header("access-control-allow-credentials")).contains("true");
      assertThat(answer.header("access-control-allow-headers").orElseThrow())
          .containsIgnoringCase("x-requested-with")
          .containsIgnoringCase("x-signalr-user-agent")
          .containsIgnoringCase("authorization")
          .containsIgnoringCase("content-type");
      assertThat(ask("OPTIONS", "/open", "", "Origin", EchoHubs.FRIEND)
              .header("access-control-allow-methods"))
          .contains("GET, POST, DELETE");
    }

    @Test
    void of_an_allowed_origin_may_read_every_answer() {
      String connection = hubs.negotiated(0);

      assertThat(ask("GET", connection, "", "Origin", EchoHubs.FRIEND)
              .header("access-control-allow-origin"))
          .contains(EchoHubs.FRIEND);
      assertThat(ask("GET", "/open?id=x", "", "Origin", EchoHubs.FRIEND)
              .header("access-control-allow-origin"))
          .contains(EchoHubs.FRIEND);
    }

    @Test
    void of_another_origin_is_turned_away() {
      Answer answer = ask("POST", "/open/negotiate", "", "Origin", "https://evil.example");

      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.header("access-control-allow-origin")).isEmpty();
    }
  }

  @Nested
  class A_request {
    @Test
    void without_an_id_is_told_so() {
      for (String method : new String[] {"GET", "POST", "DELETE"}) {
        Answer answer = ask(method, "/open", "");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("Connection ID required");
      }
    }

    @Test
    void with_an_id_that_nobody_has_is_told_so() {
      String known = hubs.negotiate(0).getString("connectionToken");
      String forged = (known.charAt(0) == 'A' ? 'B' : 'A') + known.substring(1);
      for (String id : new String[] {"x", "%20", "a".repeat(600), forged}) {
        assertNotKnown(ask("GET", "/open?id=" + id, ""));
        assertNotKnown(ask("POST", "/open?id=" + id, "a"));
        assertNotKnown(ask("DELETE", "/open?id=" + id, ""));
      }
    }

    @Test
    void with_the_public_id_is_nobodys() {
      assertNotKnown(ask("GET", "/open?id=" + hubs.negotiate(0).getString("connectionId"), ""));
    }

    @Test
    void of_another_method_is_told_which_there_are() {
      Answer answer = ask("PUT", hubs.negotiated(0), "");

      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("allow")).contains("GET, POST, DELETE, OPTIONS");
    }

    @Test
    void is_judged_each_time() {
      Answer answer = ask(
          "POST",
          "/signed-in/negotiate?negotiateVersion=1",
          "",
          "Authorization",
          "Bearer good-ann");
      String connection =
          "/signed-in?id=" + new JsonObject(answer.body()).getString("connectionToken");
      String[] good = {"Authorization", "Bearer good-ann"};
      assertThat(ask("GET", connection, "", good).status()).isEqualTo(200);

      assertThat(ask("POST", connection, "a").status()).isEqualTo(401);
      assertThat(ask("GET", connection, "").status()).isEqualTo(401);
      assertThat(ask("DELETE", connection, "").status()).isEqualTo(401);
      assertNotKnown(ask("POST", connection, "a", "Authorization", "Bearer good-bob"));
      hubs.revoked.add("good-ann");
      assertThat(ask("POST", connection, "a", good).status()).isEqualTo(401);
      assertThat(ask("POST", connection, "a", "Authorization", "Bearer good-ann-newer")
              .status())
          .isEqualTo(200);
    }
  }

  @Nested
  class A_poll {
    @Test
    void is_answered_with_nothing_at_once_when_it_is_the_first() {
      Answer answer = ask("GET", hubs.negotiated(0), "");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.header("cache-control").orElseThrow()).contains("no-store");
      assertThat(hubs.opened).hasValue(1);
    }

    @Test
    void waits_for_what_is_said() throws IOException {
      String connection = hubs.polled(0);
      with(poll(connection), poll -> {
        assertThat(ask("POST", connection, "안녕\u001e").status()).isEqualTo(200);
        Answer answer = poll.answer();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).contains("application/octet-stream");
        assertThat(answer.body()).isEqualTo("안녕\u001e");
      });
    }

    @Test
    void brings_what_was_said_meanwhile_in_order() {
      String connection = hubs.polled(0);
      for (int i = 0; i < 5; i++) {
        ask("POST", connection, i + ";");
      }

      assertThat(ask("GET", connection, "").body()).isEqualTo("0;1;2;3;4;");
    }

    @Test
    void brings_whole_messages_and_no_more_than_a_piece() {
      String connection = hubs.polled(0);
      String message = "x".repeat(30 * 1024);
      for (int i = 0; i < 3; i++) {
        ask("POST", connection, message);
      }

      assertThat(ask("GET", connection, "").body()).hasSize(60 * 1024);
      assertThat(ask("GET", connection, "").body()).hasSize(30 * 1024);
    }

    @Test
    void that_waits_for_long_is_answered_with_nothing_and_asked_again() throws IOException {
      String connection = hubs.polled(0);
      with(poll(connection), poll -> {
        hubs.passSlowly(CarriedTimes.POLL.minusSeconds(1));
        int heard = hubs.heard.get();
        hubs.passSlowly(Duration.ofSeconds(11));
        Answer answer = poll.answer();

        assertThat(heard).isGreaterThan(8);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
      });
      ask("POST", connection, "a");
      assertThat(ask("GET", connection, "").body()).isEqualTo("a");
    }

    @Test
    void takes_the_place_of_an_older_one() throws IOException {
      String connection = hubs.polled(0);
      with(
          poll(connection),
          older -> with(poll(connection), newer -> {
            assertThat(older.answer().status()).isEqualTo(204);
            ask("POST", connection, "a");
            assertThat(newer.answer().body()).isEqualTo("a");
          }));
    }

    @Test
    void that_does_not_come_in_time_ends_the_connection() {
      String connection = hubs.polled(0);
      hubs.pass(CarriedTimes.ABSENCE.minusSeconds(1));
      assertThat(hubs.closed).hasValue(0);
      hubs.pass(Duration.ofSeconds(2));

      assertThat(hubs.closed).hasValue(1);
      assertThat(ask("GET", connection, "").status()).isEqualTo(204);
      hubs.pass(CarriedTimes.ABSENCE.plusSeconds(1));
      assertNotKnown(ask("GET", connection, ""));
      assertThat(hubs.known()).isZero();
    }

    @Test
    void that_is_cut_ends_nothing() throws IOException {
      String connection = hubs.polled(0);
      poll(connection).close();
      ask("POST", connection, "a");

      await().untilAsserted(() -> assertThat(ask("GET", connection, "").body()).isEqualTo("a"));
      assertThat(hubs.closed).hasValue(0);
    }

    @Test
    void brings_the_goodbye_and_the_next_one_says_that_it_is_over() throws IOException {
      String connection = hubs.polled(0);
      with(poll(connection), poll -> {
        ask("POST", connection, "close");

        assertThat(poll.answer().body()).isEqualTo("bye");
      });
      await().untilAsserted(() -> assertThat(hubs.closed).hasValue(1));
      assertThat(ask("GET", connection, "").status()).isEqualTo(204);
      assertNotKnown(ask("POST", connection, "a"));
    }

    @Test
    void is_no_stream_and_no_stream_is_a_poll() throws IOException {
      String polled = hubs.polled(0);
      assertThat(ask("GET", polled, "", "Accept", "text/event-stream").status()).isEqualTo(400);
      String streamed = hubs.negotiated(0);
      with(stream(streamed), stream -> {
        Answer answer = ask("GET", streamed, "");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("Cannot change transports mid-connection");
        assertThat(ask("DELETE", streamed, "").status()).isEqualTo(400);
      });
    }
  }

  @Nested
  class A_deletion {
    @Test
    void ends_the_poll_that_waits_and_the_connection() throws IOException {
      String connection = hubs.polled(0);
      with(poll(connection), poll -> {
        assertThat(ask("DELETE", connection, "").status()).isEqualTo(202);

        assertThat(poll.answer().status()).isEqualTo(204);
      });
      assertThat(hubs.closed).hasValue(1);
      assertThat(ask("DELETE", connection, "").status()).isEqualTo(202);
    }

    @Test
    void gives_one_place_back_and_no_other_when_the_connection_is_forgotten() throws IOException {
      List<RawHttp> others = new ArrayList<>();
      for (int i = 1; i < EchoHubs.PLACES; i++) {
        others.add(stream(hubs.negotiated(0)));
      }
      String connection = hubs.polled(0);
      assertThat(ask("POST", "/open/negotiate", "").status()).isEqualTo(429);
      assertThat(ask("DELETE", connection, "").status()).isEqualTo(202);
      hubs.pass(CarriedTimes.ABSENCE.plusSeconds(1));
      assertNotKnown(ask("GET", connection, ""));

      assertThat(ask("POST", "/open/negotiate", "").status()).isEqualTo(200);
      assertThat(ask("POST", "/open/negotiate", "").status()).isEqualTo(429);
      for (RawHttp other : others) {
        other.close();
      }
    }

    @Test
    void leaves_what_comes_late_unheard() {
      String connection = hubs.polled(0);
      ask("DELETE", connection, "");

      assertNotKnown(ask("POST", connection, "{\"type\":7}\u001e"));
    }

    @Test
    void of_what_nothing_carries_yet_forgets_it() {
      String connection = hubs.negotiated(0);

      assertThat(ask("DELETE", connection, "").status()).isEqualTo(202);
      assertThat(hubs.known()).isZero();
    }
  }

  @Nested
  class A_post {
    @Test
    void as_long_as_may_be_is_taken_and_a_longer_one_is_not() {
      String connection = hubs.polled(0);

      assertThat(ask("POST", connection, "x".repeat(EchoHubs.MAX_BODY_BYTES)).status())
          .isEqualTo(200);
      assertThat(
              ask("POST", connection, "x".repeat(EchoHubs.MAX_BODY_BYTES + 1)).status())
          .isEqualTo(413);
    }

    @Test
    void before_anything_carries_the_connection_is_for_nobody() {
      assertNotKnown(ask("POST", hubs.negotiated(0), "a"));
    }
  }

  @Nested
  class A_stream {
    @Test
    void begins_with_something_and_no_proxy_is_to_keep_it() throws IOException {
      String connection = hubs.negotiated(0);
      try (RawHttp stream = waiting(connection, "Accept", "text/event-stream")) {
        RawHttp.Head head = stream.head();

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("content-type")).contains("text/event-stream");
        assertThat(head.header("cache-control").orElseThrow()).contains("no-store");
        assertThat(head.header("x-accel-buffering")).contains("no");
        assertThat(stream.frame()).isEqualTo(":\r\n");
      }
    }

    @Test
    void brings_messages_as_events() throws IOException {
      String connection = hubs.negotiated(0);
      with(stream(connection), stream -> {
        ask("POST", connection, "{\"type\":6}\u001e");
        assertThat(stream.frame()).isEqualTo("\r\ndata: {\"type\":6}\u001e\r\n\r\n");
        ask("POST", connection, "{\n}\u001e");
        assertThat(stream.frame()).isEqualTo("data: {\r\ndata: }\u001e\r\n\r\n");
      });
    }

    @Test
    void is_there_once() throws IOException {
      String connection = hubs.negotiated(0);
      with(stream(connection), stream -> {
        assertThat(ask("GET", connection, "", "Accept", "text/event-stream").status())
            .isEqualTo(409);
        ask("POST", connection, "a");
        assertThat(stream.frame().strip()).isEqualTo("data: a");
      });
    }

    @Test
    void that_is_cut_ends_the_connection() throws IOException {
      String connection = hubs.negotiated(0);
      stream(connection).close();

      await().untilAsserted(() -> assertThat(hubs.closed).hasValue(1));
      assertNotKnown(ask("POST", connection, "a"));
      assertThat(ask("GET", connection, "", "Accept", "text/event-stream").status())
          .isEqualTo(404);
    }

    @Test
    void ends_behind_the_goodbye() throws IOException {
      String connection = hubs.negotiated(0);
      with(stream(connection), stream -> {
        ask("POST", connection, "close");

        assertThat(stream.frame().strip()).isEqualTo("data: bye");
        assertThat(stream.frame()).isEmpty();
      });
    }

    @Test
    void brings_much_to_who_reads_it() throws IOException {
      String connection = hubs.negotiated(0);
      with(stream(connection), stream -> {
        String message = "x".repeat(50_000);
        for (int i = 0; i < 40; i++) {
          ask("POST", connection, message);
        }
        for (int i = 0; i < 40; i++) {
          assertThat(stream.frame().strip()).isEqualTo("data: " + message);
        }
      });
    }
  }
}
