package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.edge.RawHttp.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A hub over what is not a WebSocket, and over one that was negotiated; each request comes to any loop of the gateway. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HubCarriersTest {
  private static final String HANDSHAKE = "{'protocol':'json','version':1}";

  @RegisterExtension
  final RunningGateway gateway = new RunningGateway(Map.of());

  /** A client whose connection responses carry; JSON is shown with single quotes. */
  private static final class Client {
    private final int port;
    private final String path;
    private final Deque<String> messages = new ArrayDeque<>();

    Client(RunningGateway at, String name) {
      port = at.port();
      path = HubNegotiation.path(port, "good-" + name);
    }

    void post(String... said) {
      String body = String.join("\u001e", said).replace('\'', '"') + "\u001e";
      assertThat(RawHttp.ask(port, "POST", path, body).status()).isEqualTo(200);
    }

    String poll() {
      Answer answer = RawHttp.ask(port, "GET", path, "");
      assertThat(answer.status()).isEqualTo(200);
      return answer.body().replace('"', '\'');
    }

    /** The next message of a client that polls. */
    String next() {
      while (messages.isEmpty()) {
        take(poll());
      }
      return messages.remove();
    }

    private void take(String piece) {
      assertThat(piece).as("messages are not cut").endsWith("\u001e");
      for (String message : piece.split("\u001e", -1)) {
        if (!message.isEmpty()) {
          messages.add(message);
        }
      }
    }

    /** The next message of a client that hears a stream; pings apart. */
    String next(RawHttp stream) throws IOException {
      long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (messages.isEmpty()) {
        assertThat(System.nanoTime()).as("something but pings").isLessThan(until);
        String event = stream.frame().replace("\r\n", "");
        assertThat(event).startsWith("data: ");
        take(event.substring("data: ".length()).replace('"', '\''));
        messages.removeIf("{'type':6}"::equals);
      }
      return messages.remove();
    }

    RawHttp stream() throws IOException {
      RawHttp stream = new RawHttp(port);
      stream.send("GET", path, "", "Accept", "text/event-stream");
      assertThat(stream.head().status()).isEqualTo(200);
      assertThat(stream.frame()).isEqualTo(":\r\n");
      return stream;
    }
  }

  private Client polling(RunningGateway at, String name) {
    Client client = new Client(at, name);
    assertThat(client.poll()).isEmpty();
    client.post(HANDSHAKE);
    assertThat(client.next()).isEqualTo("{}");
    assertThat(client.next())
        .isEqualTo("{'type':1,'target':'Welcome','arguments':['u-" + name + "']}");
    return client;
  }

  private static String call(String id, String target, String arguments) {
    return "{'type':1,'invocationId':'" + id + "','target':'" + target + "','arguments':"
        + arguments + "}";
  }

  @Nested
  class Polls {
    @Test
    void bring_answers_and_what_topics_bring() {
      Client mina = polling(gateway, "mina");
      Client jun = polling(gateway, "jun");
      mina.post(call("1", "WhoAmI", "[]"));
      assertThat(mina.next())
          .isEqualTo("{'type':3,'invocationId':'1','result':{'user':'u-mina','name':'mina'}}");
      mina.post("{'type':1,'target':'Say','arguments':['lobby','over polls']}");

      assertThat(jun.next())
          .isEqualTo("{'type':1,'target':'Said','arguments':['lobby','over polls']}");
    }

    @Test
    void take_many_messages_at_once_in_order() {
      Client mina = polling(gateway, "ara");
      mina.post(call("1", "WhoAmI", "[]"), call("2", "Nobody", "[]"), "{'type':6}");

      assertThat(mina.next() + mina.next()).contains("'invocationId':'1'", "'invocationId':'2'");
    }

    @Test
    void come_with_posts_that_are_answered_when_they_are_taken() {
      // Half as many commands are under way as there may be requests.
      try (RunningGateway narrow = new RunningGateway(Map.of("MADANG_MAX_PENDING", "4"))) {
        Client mina = polling(narrow, "mina");
        long began = System.nanoTime();
        mina.post(call("1", "Later", "[]"), call("2", "Later", "[]"));
        mina.post(call("3", "WhoAmI", "[]"));

        assertThat(Duration.ofNanos(System.nanoTime() - began))
            .as("until there is room for one more call")
            .isGreaterThanOrEqualTo(Duration.ofMillis(TestService.LATER_MS));
      }
    }

    @Test
    void speak_MessagePack() throws IOException {
      Client client = new Client(gateway, "mina");
      client.poll();
      client.post("{'protocol':'messagepack','version':1}");
      Answer accepted = RawHttp.ask(client.port, "GET", client.path, "");

      assertThat(accepted.body()).startsWith("{}\u001e");
      assertThat(accepted.header("content-type")).contains("application/octet-stream");
      // [1, {}, "1", "WhoAmI", []]
      byte[] call = {
        13,
        (byte) 0x95,
        1,
        (byte) 0x80,
        (byte) 0xa1,
        '1',
        (byte) 0xa6,
        'W',
        'h',
        'o',
        'A',
        'm',
        'I',
        (byte) 0x90
      };
      call[0] = (byte) (call.length - 1);
      try (RawHttp post = new RawHttp(client.port)) {
        post.write("POST " + client.path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + call.length
            + "\r\nContent-Type: application/octet-stream\r\n\r\n");
        post.write(call);
        assertThat(post.answer().status()).isEqualTo(200);
      }
      await()
          .until(() -> RawHttp.ask(client.port, "GET", client.path, "").body().contains("u-mina"));
    }

    @Test
    void end_the_connection_of_who_sends_garbage_with_the_goodbye_of_the_protocol() {
      Client client = polling(gateway, "mina");
      client.post("{'type':");

      assertThat(client.next()).startsWith("{'type':7,'error':");
      await().until(() -> RawHttp.ask(client.port, "GET", client.path, "").status() == 204);
    }
  }

  @Nested
  class A_stream {
    @Test
    void brings_answers_and_what_topics_bring() throws IOException {
      Client mina = new Client(gateway, "mina");
      try (RawHttp stream = mina.stream()) {
        mina.post(HANDSHAKE);
        assertThat(mina.next(stream)).isEqualTo("{}");
        assertThat(mina.next(stream)).contains("Welcome");
        mina.post(call("7", "Say", "['lobby','streamed']"));

        assertThat(mina.next(stream) + mina.next(stream))
            .contains("'Said'", "'streamed'", "'invocationId':'7'");
      }
    }

    @Test
    void ends_when_the_pings_of_its_client_stop_whatever_the_network_takes() throws IOException {
      try (RunningGateway quick = new RunningGateway(Map.of("MADANG_KEEP_ALIVE_MS", "200"))) {
        Client mina = new Client(quick, "mina");
        try (RawHttp stream = mina.stream()) {
          mina.post(HANDSHAKE);
          assertThat(mina.next(stream)).isEqualTo("{}");
          assertThat(mina.next(stream)).contains("Welcome");
          mina.post("{'type':6}");

          assertThat(mina.next(stream))
              .contains("The reason: client silent.", "'allowReconnect':true");
        }
      }
    }

    @Test
    void speaks_no_MessagePack() throws IOException {
      Client mina = new Client(gateway, "mina");
      try (RawHttp stream = mina.stream()) {
        mina.post("{'protocol':'messagepack','version':1}");

        assertThat(mina.next(stream))
            .contains("Cannot use the 'messagepack' protocol on the current transport");
        assertThat(stream.frame()).isEmpty();
      }
    }
  }

  @Nested
  class A_web_socket {
    @Test
    void has_the_connection_that_was_negotiated() {
      JsonObject negotiated = HubNegotiation.answer(gateway.port(), "good-mina", "");
      HubClient client = HubClient.open(
          gateway.port(),
          "/hubs/test?access_token=good-mina&id=" + negotiated.getString("connectionToken"),
          "json");
      client.shakeHands(1);
      assertThat(client.next()).contains("Welcome");
      client.send("Quietly", "[]");

      assertThat(client.next())
          .isEqualTo("{'type':1,'target':'You','arguments':['u-mina','"
              + negotiated.getString("connectionId") + "']}");
      client.close();
    }
  }

  @Nested
  class A_gateway_that_stops {
    @Test
    void says_the_goodbye_of_the_protocol_to_polls_and_streams_that_wait() throws Exception {
      RunningGateway stopping = new RunningGateway(Map.of());
      Client polls = polling(stopping, "mina");
      Client hears = new Client(stopping, "jun");
      try (RawHttp stream = hears.stream();
          RawHttp poll = new RawHttp(polls.port)) {
        hears.post(HANDSHAKE);
        assertThat(hears.next(stream)).isEqualTo("{}");
        assertThat(hears.next(stream)).contains("Welcome");
        poll.send("GET", polls.path, "");
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(stopping::close);

        assertThat(hears.next(stream)).isEqualTo("{'type':7,'allowReconnect':true}");
        assertThat(stream.frame()).isEmpty();
        Answer answer = poll.answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"type\":7,\"allowReconnect\":true}\u001e");
        stopped.join();
      }
    }
  }
}
