package io.madang.gateway.edge.signalr.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.edge.RawHttp;
import io.madang.gateway.edge.RawHttp.Answer;
import io.madang.gateway.edge.relay.LostAtFirst;
import io.madang.gateway.edge.signalr.negotiation.CarriedTimes;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Hub connections that are asked for at a gateway where they do not live. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubRelayTest {
  private EchoHubs hubs;

  @BeforeEach
  void start() {
    hubs = new EchoHubs(2);
  }

  @AfterEach
  void stop() {
    hubs.close();
  }

  /** At the other gateway. */
  private Answer ask(String method, String path, String body, String... headers) {
    return RawHttp.ask(hubs.port(1), method, path, body, headers);
  }

  private Answer askHome(String method, String path, String body) {
    return RawHttp.ask(hubs.port(0), method, path, body);
  }

  private RawHttp poll(String connection) throws IOException {
    int before = hubs.heard.get();
    RawHttp poll = new RawHttp(hubs.port(1));
    poll.send("GET", connection, "");
    await().until(() -> hubs.heard.get() > before);
    return poll;
  }

  private RawHttp stream(String connection) throws IOException {
    RawHttp stream = new RawHttp(hubs.port(1));
    stream.send("GET", connection, "", "Accept", "text/event-stream");
    assertThat(stream.head().status()).isEqualTo(200);
    assertThat(stream.frame()).isEqualTo(":\r\n");
    return stream;
  }

  /** Time goes on by itself until the test is done with it. */
  private AutoCloseable passing() {
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> going = CompletableFuture.runAsync(() -> {
      while (!over.get()) {
        hubs.pass(Duration.ofMillis(20));
      }
    });
    return () -> {
      over.set(true);
      going.join();
    };
  }

  @Nested
  class A_connection {
    @Test
    void is_carried_by_polls_at_any_gateway() {
      String connection = hubs.negotiated(0);

      assertThat(ask("GET", connection, "").body()).isEmpty();
      assertThat(ask("POST", connection, "a").status()).isEqualTo(200);
      assertThat(ask("GET", connection, "").body()).isEqualTo("a");
      assertThat(askHome("POST", connection, "b").status()).isEqualTo(200);
      assertThat(ask("GET", connection, "").body()).isEqualTo("b");
      assertThat(ask("POST", connection, "c").status()).isEqualTo(200);
      assertThat(askHome("GET", connection, "").body()).isEqualTo("c");
      assertThat(ask("DELETE", connection, "").status()).isEqualTo(202);
      assertThat(ask("GET", connection, "").status()).isEqualTo(204);
    }

    @Test
    void is_known_by_nothing_but_its_token_there_too() {
      String token = hubs.negotiate(0).getString("connectionToken");
      String forged = (token.charAt(0) == 'A' ? 'B' : 'A') + token.substring(1);

      assertThat(ask("GET", "/open?id=" + forged, "").status()).isEqualTo(404);
      assertThat(ask("POST", "/open?id=" + forged, "a").status()).isEqualTo(404);
    }

    @Test
    void is_for_its_user_alone_there_too() {
      Answer answer = RawHttp.ask(
          hubs.port(0),
          "POST",
          "/signed-in/negotiate?negotiateVersion=1&access_token=good-ann",
          "");
      String connection =
          "/signed-in?id=" + new JsonObject(answer.body()).getString("connectionToken");

      assertThat(ask("GET", connection, "").status()).isEqualTo(401);
      assertThat(ask("GET", connection + "&access_token=bad", "").status()).isEqualTo(401);
      assertThat(ask("GET", connection + "&access_token=good-bob", "").status()).isEqualTo(404);
      assertThat(ask("GET", connection + "&access_token=good-ann", "").status()).isEqualTo(200);
    }

    @Test
    void is_refused_at_once_when_its_gateway_is_gone() {
      String connection = hubs.polled(0);
      hubs.gateways.dead.add(hubs.id(0));

      assertThat(ask("GET", connection, "").status()).isEqualTo(404);
      assertThat(ask("POST", connection, "a").status()).isEqualTo(404);
      assertThat(ask("DELETE", connection, "").status()).isEqualTo(404);
    }
  }

  @Nested
  class A_poll {
    @Test
    void waits_there_for_what_is_said_at_home() throws IOException {
      String connection = hubs.polled(0);
      try (RawHttp poll = poll(connection)) {
        askHome("POST", connection, "a");

        assertThat(poll.answer().body()).isEqualTo("a");
      }
    }

    @Test
    void gives_way_to_a_newer_one_at_home() throws IOException {
      String connection = hubs.polled(0);
      try (RawHttp poll = poll(connection);
          RawHttp newer = new RawHttp(hubs.port(0))) {
        newer.send("GET", connection, "");

        assertThat(poll.answer().status()).isEqualTo(204);
      }
    }

    @Test
    void whose_home_dies_is_told_within_a_second() throws IOException {
      String connection = hubs.polled(0);
      try (RawHttp poll = poll(connection)) {
        hubs.gateways.dead.add(hubs.id(0));
        hubs.pass(Duration.ofSeconds(1));

        assertThat(poll.answer().status()).isEqualTo(404);
      }
    }

    @Test
    void whose_gateway_dies_with_what_it_was_given_leaves_that_to_the_next() throws Exception {
      String connection = hubs.polled(0);
      try (RawHttp poll = poll(connection)) {
        assertThat(poll).isNotNull();
        // What is said to the other gateway is lost with it.
        hubs.gateways.arrives = (to, word) -> !to.equals(hubs.id(1));
        askHome("POST", connection, "a");
        hubs.gateways.dead.add(hubs.id(1));
        try (RawHttp next = new RawHttp(hubs.port(0))) {
          next.send("GET", connection, "");
          hubs.passSlowly(Duration.ofSeconds(6));

          assertThat(next.answer().body()).isEqualTo("a");
        }
      }
    }

    @Test
    void of_which_words_are_lost_brings_everything_once_and_in_order() throws Exception {
      String connection = hubs.polled(0);
      try (AutoCloseable time = passing()) {
        assertThat(time).isNotNull();
        hubs.gateways.arrives = new LostAtFirst();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
          for (int i = 0; i < 30; i++) {
            assertThat(ask("POST", connection, i + ";").status()).isEqualTo(200);
          }
        });
        StringBuilder heard = new StringBuilder();
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 30; i++) {
          all.append(i).append(';');
        }
        while (heard.length() < all.length()) {
          heard.append(ask("GET", connection, "").body());
        }
        sending.join();
        assertThat(heard).hasToString(all.toString());
      }
    }
  }

  @Nested
  class A_stream {
    @Test
    void brings_there_what_is_said_at_home() throws IOException {
      String connection = hubs.negotiated(0);
      try (RawHttp stream = stream(connection)) {
        askHome("POST", connection, "a");
        assertThat(stream.frame().strip()).isEqualTo("data: a");
        ask("POST", connection, "b");
        assertThat(stream.frame().strip()).isEqualTo("data: b");
      }
      await().untilAsserted(() -> assertThat(hubs.closed).hasValue(1));
    }

    @Test
    void whose_home_dies_ends_within_a_second() throws IOException {
      String connection = hubs.negotiated(0);
      try (RawHttp stream = stream(connection)) {
        hubs.gateways.dead.add(hubs.id(0));
        hubs.pass(Duration.ofSeconds(1));

        assertThat(stream.frame().strip()).isEmpty();
      }
    }

    @Test
    void whose_gateway_dies_ends_the_connection() throws IOException {
      String connection = hubs.negotiated(0);
      try (RawHttp stream = stream(connection)) {
        assertThat(stream).isNotNull();
        hubs.gateways.dead.add(hubs.id(1));
        hubs.passSlowly(Duration.ofSeconds(6));

        await().untilAsserted(() -> assertThat(hubs.closed).hasValue(1));
      }
    }

    @Test
    void keeps_what_its_client_does_not_read_at_home() throws IOException {
      String connection = hubs.negotiated(0);
      AtomicInteger words = new AtomicInteger();
      try (RawHttp stream = stream(connection)) {
        assertThat(stream).isNotNull();
        hubs.gateways.arrives = (to, word) -> {
          if (to.equals(hubs.id(1))) {
            words.incrementAndGet();
          }
          return true;
        };
        for (int i = 0; i < 400; i++) {
          askHome("POST", connection, "x".repeat(50_000));
        }
        // The kernel takes some megabytes; the rest of the twenty is not even said.
        assertThat(words.get()).isLessThan(300);
      }
    }
  }

  @Nested
  class A_web_socket {
    private final LinkedBlockingQueue<String> said = new LinkedBlockingQueue<>();

    private WebSocket open(int gateway, String connection) {
      return HttpClient.newHttpClient()
          .newWebSocketBuilder()
          .buildAsync(
              URI.create("ws://127.0.0.1:" + hubs.port(gateway) + connection),
              new WebSocket.Listener() {
                @Override
                public CompletionStage<?> onText(
                    WebSocket socket, CharSequence text, boolean isLast) {
                  said.add(text.toString());
                  socket.request(1);
                  return null;
                }
              })
          .orTimeout(10, TimeUnit.SECONDS)
          .join();
    }

    private int refusal(int gateway, String connection) {
      try {
        open(gateway, connection).abort();
        return 101;
      } catch (CompletionException e) {
        return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
      }
    }

    @Test
    void takes_a_connection_that_was_negotiated_elsewhere() throws InterruptedException {
      WebSocket socket = open(1, hubs.negotiated(0));
      socket.sendText("a", true).join();

      assertThat(said.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
      assertThat(hubs.opened).hasValue(0);
      socket.abort();
    }

    @Test
    void takes_it_once_for_all_gateways() {
      String connection = hubs.negotiated(0);
      WebSocket socket = open(1, connection);

      assertThat(refusal(0, connection)).isEqualTo(409);
      assertThat(refusal(1, connection)).isEqualTo(409);
      assertThat(ask("POST", connection, "a").status()).isEqualTo(405);
      assertThat(ask("GET", connection, "").status()).isEqualTo(400);
      socket.abort();
      await().untilAsserted(() -> assertThat(hubs.known()).isZero());
      assertThat(refusal(0, connection)).isEqualTo(404);
    }

    @Test
    void that_was_not_told_that_it_may_leaves_nothing_behind() throws Exception {
      String connection = hubs.negotiated(0);
      hubs.gateways.arrives = (to, word) -> !to.equals(hubs.id(1));
      try (AutoCloseable time = passing()) {
        assertThat(time).isNotNull();
        assertThat(refusal(1, connection)).isEqualTo(404);
        await().untilAsserted(() -> assertThat(hubs.known()).isZero());
      }
    }

    @Test
    void takes_none_that_is_carried_or_unknown() {
      assertThat(refusal(1, hubs.polled(0))).isEqualTo(400);
      assertThat(refusal(1, "/open?id=x")).isEqualTo(404);
      hubs.gateways.dead.add(hubs.id(0));
      assertThat(refusal(1, hubs.negotiated(0))).isEqualTo(404);
    }

    @Test
    void gives_its_place_back_and_the_invitations_one_before() {
      for (int i = 0; i < 2 * EchoHubs.PLACES; i++) {
        open(i % 2, hubs.negotiated(0)).abort();
        await().untilAsserted(() -> assertThat(hubs.known()).isZero());
      }
    }

    @Test
    void that_dies_with_its_gateway_is_forgotten() {
      WebSocket socket = open(1, hubs.negotiated(0));
      hubs.gateways.dead.add(hubs.id(1));
      hubs.passSlowly(CarriedTimes.ABSENCE.plusSeconds(1));

      assertThat(hubs.known()).isZero();
      socket.abort();
    }

    @Test
    void that_lives_long_is_not() {
      String connection = hubs.negotiated(0);
      WebSocket socket = open(1, connection);
      hubs.passSlowly(CarriedTimes.ABSENCE.multipliedBy(4));

      assertThat(refusal(1, connection)).isEqualTo(409);
      socket.abort();
    }
  }
}
