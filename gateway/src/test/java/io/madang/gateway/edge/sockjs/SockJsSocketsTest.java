package io.madang.gateway.edge.sockjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.edge.RawHttp;
import io.madang.gateway.edge.RawHttp.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the public test suite of SockJS 0.3.3 asks of WebSockets, and what broke other servers. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SockJsSocketsTest {
  private static final String[] HANDSHAKE = {
    "Upgrade", "websocket",
    "Connection", "keep-alive, Upgrade",
    "Sec-WebSocket-Version", "13",
    "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="
  };

  private EchoServices services;
  private final HttpClient http = HttpClient.newHttpClient();

  /** What is asked. */
  EchoServices begin() throws IOException {
    return new EchoServices(1);
  }

  /** The status of its answer. */
  int withAnUpgradeThatTheConnectionDoesNotName() {
    return 400;
  }

  @BeforeAll
  void start() throws IOException {
    services = begin();
  }

  @AfterAll
  void stop() {
    services.close();
  }

  private Answer ask(String method, String path, String... headers) {
    return RawHttp.ask(services.port(), method, path, "", headers);
  }

  private Client open(String path, String... headers) {
    Client client = new Client();
    WebSocket.Builder builder = http.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    client.socket = builder
        .buildAsync(URI.create("ws://127.0.0.1:" + services.port() + path), client)
        .join();
    return client;
  }

  /** Keeps what it hears. */
  private static final class Client implements WebSocket.Listener {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final StringBuilder begun = new StringBuilder();
    private WebSocket socket;

    String next() throws InterruptedException {
      return heard.poll(10, TimeUnit.SECONDS);
    }

    Client say(String text) {
      socket.sendText(text, true).join();
      return this;
    }

    String closed() {
      return closed.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      begun.append(data);
      if (last) {
        heard.add(begun.toString());
        begun.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      heard.add("bytes " + StandardCharsets.UTF_8.decode(data));
      from.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code + " " + reason);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.complete("error " + error);
    }
  }

  @Nested
  class A_handshake {
    @Test
    void is_needed() {
      assertThat(ask("GET", "/echo/0/0/websocket").status()).isEqualTo(400);
      assertThat(ask("GET", "/echo/0/0/websocket", "Upgrade", "WebSocket", "Connection", "close")
              .status())
          .isEqualTo(withAnUpgradeThatTheConnectionDoesNotName());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo/0/0/websocket", "/echo/websocket"})
    void is_a_get(String path) {
      for (String method : new String[] {"POST", "PUT", "DELETE"}) {
        Answer answer = ask(method, path);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("allow")).hasValue("GET");
        assertThat(answer.header("content-type")).isEmpty();
        assertThat(answer.body()).isEmpty();
      }
    }

    @Test
    void is_answered_as_the_rfc_says() throws Exception {
      try (RawHttp raw = new RawHttp(services.port())) {
        raw.send("GET", "/echo/000/hand/websocket", "", HANDSHAKE);
        RawHttp.Head head = raw.head();
        assertThat(head.status()).isEqualTo(101);
        assertThat(head.header("sec-websocket-accept")).hasValue("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(head.header("content-length")).isEmpty();
        assertThat(head.header("sec-websocket-extensions")).isEmpty();
        assertThat(raw.bytes(3)).endsWith("o");
      }
    }

    @Test
    void is_refused_to_pages_that_are_not_allowed() {
      for (String path : new String[] {"/strict/0/0/websocket", "/strict/websocket"}) {
        String[] headers = new String[HANDSHAKE.length + 2];
        System.arraycopy(HANDSHAKE, 0, headers, 0, HANDSHAKE.length);
        headers[HANDSHAKE.length] = "Origin";
        headers[HANDSHAKE.length + 1] = "https://evil.example";
        assertThat(ask("GET", path, headers).status()).isEqualTo(403);
      }
    }

    @Test
    void is_nowhere_where_websockets_are_off() {
      for (String path : new String[] {
        "/disabled_websocket_echo/websocket", "/disabled_websocket_echo/000/a/websocket"
      }) {
        CompletableFuture<?> refused = CompletableFuture.supplyAsync(() -> open(path));
        try {
          refused.join();
        } catch (CompletionException e) {
          Throwable why = e.getCause();
          while (why instanceof CompletionException && why.getCause() != null) {
            why = why.getCause();
          }
          assertThat(why).isInstanceOf(WebSocketHandshakeException.class);
          assertThat(((WebSocketHandshakeException) why).getResponse().statusCode())
              .isEqualTo(404);
          continue;
        }
        throw new AssertionError(path + " was opened");
      }
    }
  }

  @Nested
  class A_websocket {
    @Test
    void opens_and_echoes() throws Exception {
      Client client = open("/echo/000/ws1/websocket");

      assertThat(client.next()).isEqualTo("o");
      assertThat(client.say("[\"a\"]").next()).isEqualTo("a[\"a\"]");
      assertThat(client.say("[\"a\",\"b\"]").next()).isEqualTo("a[\"a\"]");
      assertThat(client.next()).isEqualTo("a[\"b\"]");
    }

    @Test
    void says_why_it_closes_and_closes() throws Exception {
      Client client = open("/close/000/ws2/websocket");

      assertThat(client.next()).isEqualTo("o");
      assertThat(client.next()).isEqualTo("c[3000,\"Go away!\"]");
      assertThat(client.closed()).isEqualTo("1000 ");
    }

    @Test
    void takes_no_notice_of_nothing() throws Exception {
      Client client = open("/echo/000/ws3/websocket");
      client.next();

      assertThat(client.say("").say("[]").say(" [ ] ").say("[\"a\"]").next()).isEqualTo("a[\"a\"]");
    }

    @Test
    void takes_one_bare_string_and_white_space() throws Exception {
      Client client = open("/echo/000/ws4/websocket");
      client.next();

      assertThat(client.say("\"a\"").next()).isEqualTo("a[\"a\"]");
      assertThat(client.say(" [ \"b\" ]\n").next()).isEqualTo("a[\"b\"]");
    }

    @Test
    void may_have_the_id_of_another_at_once_and_again() throws Exception {
      Client one = open("/echo/000/same/websocket");
      Client other = open("/echo/000/same/websocket");
      assertThat(one.next()).isEqualTo("o");
      assertThat(other.next()).isEqualTo("o");
      assertThat(one.say("[\"a\"]").next()).isEqualTo("a[\"a\"]");
      assertThat(other.say("[\"b\"]").next()).isEqualTo("a[\"b\"]");
      one.socket.sendClose(1000, "").join();
      other.socket.sendClose(1000, "").join();

      assertThat(open("/echo/000/same/websocket").next()).isEqualTo("o");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"a", "[1]", "{}", "null", "[\"a\"]x", "[{}]"})
    void is_closed_for_what_is_no_array_of_strings(String broken) throws Exception {
      Client client = open("/echo/000/broken/websocket");
      client.next();
      client.say(broken);

      assertThat(client.closed()).startsWith("1007 ");
      assertThat(client.heard).isEmpty();
    }

    @Test
    void is_closed_for_bytes() throws Exception {
      Client client = open("/echo/000/bytes/websocket");
      client.next();
      client.socket.sendBinary(ByteBuffer.wrap(new byte[] {1}), true).join();

      assertThat(client.closed()).isEqualTo("1003 text only");
    }

    @Test
    void is_closed_for_too_much() throws Exception {
      Client client = open("/echo/000/much/websocket");
      client.next();
      CompletableFuture<?> sending =
          client.socket.sendText("[\"" + "x".repeat(300_000) + "\"]", true);

      assertThat(sending).isNotNull();
      assertThat(client.next()).isEqualTo("c[1009,\"message too big\"]");
      assertThat(client.closed()).startsWith("1009 ");
    }

    @Test
    void tells_that_it_is_over_once() throws Exception {
      Client client = open("/echo/000/over/websocket");
      client.next();
      int closed = services.closed.get();
      client.say("[1]");

      client.closed();
      await().until(() -> services.closed.get() == closed + 1);
    }

    @Test
    void brings_lone_halves_of_pairs_as_they_are() throws Exception {
      Client client = open("/echo/000/halves/websocket");
      client.next();

      assertThat(client.say("[\"a\\ud800b\\udc00\"]").next()).isEqualTo("a[\"a\\ud800b\\udc00\"]");
    }
  }

  @Nested
  class A_raw_websocket {
    @Test
    void has_nothing_around_its_messages() throws Exception {
      Client client = open("/echo/websocket");

      assertThat(client.say("Hello world!\uffff").next()).isEqualTo("Hello world!\uffff");
    }

    @Test
    void answers_bytes_with_bytes() throws Exception {
      Client client = open("/echo/websocket");
      client
          .socket
          .sendBinary(ByteBuffer.wrap("x".getBytes(StandardCharsets.UTF_8)), true)
          .join();

      assertThat(client.next()).isEqualTo("bytes x");
      assertThat(client.say("y").next()).isEqualTo("y");
    }

    @Test
    void is_closed_with_code_and_reason() {
      assertThat(open("/close/websocket").closed()).isEqualTo("3000 Go away!");
    }
  }
}
