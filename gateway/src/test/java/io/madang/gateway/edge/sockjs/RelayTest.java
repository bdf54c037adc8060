package io.madang.gateway.edge.sockjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.edge.RawHttp;
import io.madang.gateway.edge.RawHttp.Answer;
import io.madang.gateway.edge.relay.LostAtFirst;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Sessions that are asked for at a gateway where they do not live. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RelayTest {
  private EchoServices services;

  @BeforeEach
  void start() {
    services = new EchoServices(2);
  }

  @AfterEach
  void stop() {
    services.close();
  }

  /** A session at the first gateway. */
  private String session(String id) {
    return "/echo/n/" + services.id(0) + "/000/" + id;
  }

  /** At the other gateway. */
  private Answer post(String path, String body) {
    return RawHttp.ask(services.port(1), "POST", path, body);
  }

  private RawHttp streaming(String session) throws IOException {
    RawHttp stream = new RawHttp(services.port(1));
    stream.send("POST", session + "/xhr_streaming", "");
    assertThat(stream.head().status()).isEqualTo(200);
    stream.frame();
    return stream;
  }

  /** Time goes on by itself until the test is done with it. */
  private AutoCloseable passing() {
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> going = CompletableFuture.runAsync(() -> {
      while (!over.get()) {
        services.pass(Duration.ofMillis(20));
      }
    });
    return () -> {
      over.set(true);
      going.join();
    };
  }

  @Nested
  class An_address_that_names_its_gateway {
    @Test
    void is_understood_by_every_gateway() {
      String session = session("named");
      assertThat(post(session + "/xhr", "").body()).isEqualTo("o\n");
      assertThat(RawHttp.ask(services.port(0), "POST", session + "/xhr_send", "[\"a\"]")
              .status())
          .isEqualTo(204);
      assertThat(post(session + "/xhr", "").body()).isEqualTo("a[\"a\"]\n");
    }

    @Test
    void that_is_gone_leads_to_another() {
      services.gateways.dead.add(services.id(0));

      assertThat(post(session("orphan") + "/xhr", "").body()).isEqualTo("o\n");
      assertThat(post(session("orphan") + "/xhr_send", "[\"a\"]").status()).isEqualTo(204);
      assertThat(post(session("other-orphan") + "/xhr_send", "[\"a\"]").status())
          .isEqualTo(404);
    }
  }

  @Nested
  class A_stream {
    @Test
    void of_which_words_are_lost_brings_everything_once_and_in_order() throws Exception {
      String session = session("lossy");
      try (RawHttp stream = streaming(session);
          AutoCloseable time = passing()) {
        assertThat(time).isNotNull();
        assertThat(stream.frame()).isEqualTo("o\n");
        services.gateways.arrives = new LostAtFirst();
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
          for (int i = 0; i < 40; i++) {
            assertThat(post(session + "/xhr_send", "[\"" + i + "\"]").status()).isEqualTo(204);
          }
        });
        List<String> heard = new ArrayList<>();
        while (heard.size() < 40) {
          String frame = stream.frame();
          if (frame.startsWith("a")) {
            new JsonArray(frame.substring(1)).forEach(each -> heard.add((String) each));
          }
        }
        sending.join();
        assertThat(heard)
            .containsExactlyElementsOf(
                IntStream.range(0, 40).mapToObj(Integer::toString).toList());
      }
    }

    @Test
    void whose_home_is_gone_is_told_so() throws IOException {
      try (RawHttp stream = streaming(session("dying"))) {
        assertThat(stream.frame()).isEqualTo("o\n");
        services.gateways.dead.add(services.id(0));
        services.pass(Duration.ofSeconds(3));

        assertThat(stream.frame()).isEqualTo("c[1002,\"Connection interrupted\"]\n");
        assertThat(stream.frame()).isEmpty();
      }
    }

    @Test
    void whose_home_is_silent_is_told_so() throws IOException {
      try (RawHttp stream = streaming(session("silent"))) {
        assertThat(stream.frame()).isEqualTo("o\n");
        services.gateways.arrives = (to, word) -> false;
        for (int i = 0; i < 7; i++) {
          services.pass(Duration.ofSeconds(2));
        }

        assertThat(stream.frame()).isEqualTo("c[1002,\"Connection interrupted\"]\n");
      }
    }

    @Test
    void that_is_cut_ends_the_session_at_once() throws IOException {
      int closed = services.closed.get();
      RawHttp stream = streaming(session("cut"));
      assertThat(stream.frame()).isEqualTo("o\n");
      stream.close();

      await().until(() -> services.closed.get() == closed + 1);
      assertThat(post(session("cut") + "/xhr_send", "[\"a\"]").status()).isEqualTo(404);
    }

    @Test
    void whose_gateway_dies_ends_the_session() throws IOException {
      int closed = services.closed.get();
      try (RawHttp stream = streaming(session("front"))) {
        assertThat(stream.frame()).isEqualTo("o\n");
        services.gateways.dead.add(services.id(1));
        services.pass(Duration.ofSeconds(6));

        await().until(() -> services.closed.get() == closed + 1);
      }
    }

    @Test
    void that_was_full_when_its_gateway_died_ends_the_session_before_anything_else_is_said()
        throws Exception {
      String session = session("full");
      try (RawHttp stream = streaming(session)) {
        assertThat(stream.frame()).isEqualTo("o\n");
        services.gateways.arrives = (to, word) -> !to.equals(services.id(1));
        String more = "[\"" + "x".repeat(5_000) + "\"]";
        assertThat(RawHttp.ask(services.port(0), "POST", session + "/xhr_send", more)
                .status())
            .isEqualTo(204);
        services.settle();
      }
      try (RawHttp next = new RawHttp(services.port(0))) {
        next.send("POST", session + "/xhr_streaming", "");
        assertThat(next.head().status()).isEqualTo(200);
        next.frame();
        RawHttp.ask(services.port(0), "POST", session + "/xhr_send", "[\"behind the hole\"]");
        services.gateways.dead.add(services.id(1));
        services.pass(Duration.ofSeconds(6));

        assertThat(next.frame()).isEqualTo("c[1002,\"Connection interrupted\"]\n");
      }
    }

    @Test
    void keeps_what_its_client_does_not_read_at_home() throws Exception {
      String session = session("slow");
      AtomicInteger words = new AtomicInteger();
      try (RawHttp stream = streaming(session)) {
        assertThat(stream.frame()).isEqualTo("o\n");
        services.gateways.arrives = (to, word) -> {
          words.incrementAndGet();
          return true;
        };
        for (int i = 0; i < 20; i++) {
          post(session + "/xhr_send", "[\"" + "x".repeat(100_000) + "\"]");
        }
        // Each is above what a response of these services takes, so one was said and the rest
        // waits for the next.
        assertThat(words.get()).isLessThan(60);
      }
    }
  }

  @Nested
  class Messages {
    @Test
    void that_were_taken_are_taken_once_though_the_answer_was_lost() throws Exception {
      String session = session("again");
      post(session + "/xhr", "");
      AtomicInteger answers = new AtomicInteger();
      services.gateways.arrives =
          (to, word) -> !to.equals(services.id(1)) || answers.incrementAndGet() > 3;
      try (AutoCloseable time = passing()) {
        assertThat(time).isNotNull();
        assertThat(post(session + "/xhr_send", "[\"a\"]").status()).isEqualTo(204);
      }
      services.gateways.arrives = (to, word) -> true;

      assertThat(RawHttp.ask(services.port(0), "POST", session + "/xhr", "").body())
          .isEqualTo("a[\"a\"]\n");
    }

    @Test
    void for_a_home_that_does_not_answer_are_refused() throws Exception {
      String session = session("nobody");
      post(session + "/xhr", "");
      services.gateways.arrives = (to, word) -> false;
      try (AutoCloseable time = passing()) {
        assertThat(time).isNotNull();
        assertThat(post(session + "/xhr_send", "[\"a\"]").status()).isEqualTo(404);
      }
    }
  }
}
