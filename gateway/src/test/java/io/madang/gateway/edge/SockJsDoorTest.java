package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SockJsDoorTest {
  private static final String CONNECT = "{'type':'connect','ref':1,'token':'good-mina'}";

  @RegisterExtension
  final RunningGateway gateway = new RunningGateway(Map.of());

  private HttpResponse<String> post(String path, String body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + gateway.port() + "/sockjs" + path))
        .timeout(Duration.ofSeconds(10))
        .POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What a client puts into a body or a message. */
  private static String batch(String... frames) {
    JsonArray array = new JsonArray();
    for (String frame : frames) {
      array.add(frame.replace('\'', '"'));
    }
    return array.encode();
  }

  private static JsonObject onlyFrame(String message) {
    assertThat(message).startsWith("a[");
    JsonArray frames = new JsonArray(message.substring(1));
    assertThat(frames).hasSize(1);
    return new JsonObject(frames.getString(0));
  }

  @Nested
  class Over_its_websocket {
    @Test
    void the_same_frames_are_spoken() {
      TestSocket socket = TestSocket.open(gateway.port(), "/sockjs/000/ws1/websocket");
      assertThat(socket.nextText()).isEqualTo("o");

      socket.sendRaw(batch(CONNECT));
      assertThat(onlyFrame(socket.nextText()).getString("type")).isEqualTo("connected");

      socket.sendRaw(batch("{'type':'command','ref':2,'service':'tester','name':'whoAmI'}"));
      assertThat(onlyFrame(socket.nextText()).getJsonObject("result").getString("user"))
          .isEqualTo("u-mina");
    }

    @Test
    void a_browser_that_offers_to_deflate_is_answered_without() throws Exception {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write(RawSocket.handshake("/sockjs/000/ws9/websocket", "13")
            + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n");
        assertThat(raw.readHeaders()).contains("101").doesNotContain("permessage-deflate");
        assertThat(raw.text()).isEqualTo("o");
        raw.frame(RawSocket.TEXT, true, batch(CONNECT).getBytes(StandardCharsets.UTF_8));
        assertThat(raw.text()).contains("connected");
      }
    }

    @Test
    void publications_arrive_in_order() {
      TestSocket socket = TestSocket.open(gateway.port(), "/sockjs/000/ws2/websocket");
      socket.nextText();
      socket.sendRaw(batch(CONNECT));
      socket.nextText();
      socket.sendRaw(batch("{'type':'subscribe','ref':2,'topic':'log:sockjs'}"));
      assertThat(onlyFrame(socket.nextText()).getString("type")).isEqualTo("subscribed");
      TestSocket jun = TestSocket.signedIn(gateway.port(), "jun");
      for (int i = 1; i <= 30; i++) {
        jun.send(
            "{'type':'command','ref':%d,'service':'tester','name':'say','args':['sockjs','n%d']}"
                .formatted(i, i));
      }

      Deque<JsonObject> heard = new ArrayDeque<>();
      while (heard.size() < 30) {
        JsonArray frames = new JsonArray(socket.nextText().substring(1));
        frames.forEach(frame -> heard.add(new JsonObject((String) frame)));
      }
      assertThat(heard)
          .extracting(frame -> frame.getInteger("offset"))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 30).boxed().toList());
    }

    @Test
    void what_some_transport_would_garble_is_still_the_same() {
      TestSocket socket = TestSocket.open(gateway.port(), "/sockjs/000/ws3/websocket");
      socket.nextText();
      socket.sendRaw(batch(CONNECT));
      socket.nextText();
      socket.sendRaw(
          batch(
              "{'type':'command','ref':2,'service':'tester','name':'describe','args':{'options':{'a':'100% sure</script>'}}}"));
      String message = socket.nextText();

      assertThat(onlyFrame(message)
              .getJsonObject("result")
              .getJsonObject("options")
              .getString("a"))
          .isEqualTo("100% sure</script>");
    }

    @Test
    void a_frame_that_is_too_big_closes_the_session() {
      TestSocket socket = TestSocket.open(gateway.port(), "/sockjs/000/ws4/websocket");
      socket.nextText();
      socket.sendRaw(batch("x".repeat(40_000)));

      assertThat(onlyFrame(socket.nextText()).getInteger("code")).isEqualTo(1009);
      assertThat(socket.nextText()).startsWith("c[");
      assertThat(socket.closed().code()).isPositive();
    }

    @Test
    void garbage_is_answered() {
      TestSocket socket = TestSocket.open(gateway.port(), "/sockjs/000/ws5/websocket");
      socket.nextText();
      socket.sendRaw(batch(CONNECT, "garbage", "{'type':'shout','ref':3}"));
      StringBuilder answers = new StringBuilder();
      while (!answers.toString().contains("connected")) {
        answers.append(socket.nextText());
      }

      assertThat(answers.toString()).contains("not valid JSON").contains("a client may send");
    }
  }

  @Nested
  class Over_its_raw_websocket {
    @Test
    void the_frames_are_not_wrapped() {
      TestSocket socket = TestSocket.open(gateway.port(), "/sockjs/websocket");

      assertThat(socket.ask(CONNECT).getString("type")).isEqualTo("connected");
    }
  }

  @Nested
  class Over_polling {
    @Test
    void the_same_frames_are_spoken() {
      assertThat(post("/000/poll1/xhr", "").body()).isEqualTo("o\n");
      assertThat(post("/000/poll1/xhr_send", batch(CONNECT)).statusCode()).isEqualTo(204);
      assertThat(onlyFrame(post("/000/poll1/xhr", "").body()).getString("type"))
          .isEqualTo("connected");

      post(
          "/000/poll1/xhr_send",
          batch("{'type':'command','ref':2,'service':'tester','name':'whoAmI'}"));
      assertThat(onlyFrame(post("/000/poll1/xhr", "").body())
              .getJsonObject("result")
              .getString("user"))
          .isEqualTo("u-mina");
    }

    /** The class fails with what nobody releases. */
    @Test
    void whoever_sends_bodies_without_waiting_and_leaves_takes_no_memory_along() throws Exception {
      String more =
          "POST /sockjs/000/piped/xhr_send HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n[\"abc\"]";
      for (int i = 0; i < 20; i++) {
        try (RawSocket raw = new RawSocket(gateway.port())) {
          String open = "POST /sockjs/000/piped" + i
              + "/xhr HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
          raw.write(open);
          assertThat(raw.readHeaders()).contains("200");
          raw.write(open + more.repeat(20));
        }
      }
    }

    @Test
    void a_body_that_is_too_big_is_refused() {
      post("/000/poll2/xhr", "");

      assertThat(post("/000/poll2/xhr_send", "x".repeat(300_000)).statusCode()).isEqualTo(413);
    }
  }

  @Nested
  class Over_streams {
    private BufferedReader stream(String session) throws Exception {
      HttpRequest request = HttpRequest.newBuilder(URI.create(
              "http://127.0.0.1:" + gateway.port() + "/sockjs" + session + "/xhr_streaming"))
          .timeout(Duration.ofSeconds(10))
          .POST(BodyPublishers.noBody())
          .build();
      BufferedReader lines = new BufferedReader(new InputStreamReader(
          HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream()).body(),
          StandardCharsets.UTF_8));
      assertThat(lines.readLine()).startsWith("hhh");
      return lines;
    }

    @Test
    void who_lags_is_brought_everything_in_order_from_one_response_to_the_next() throws Exception {
      int count = 400;
      BufferedReader lines = stream("/000/lag");
      assertThat(lines.readLine()).isEqualTo("o");
      post("/000/lag/xhr_send", batch(CONNECT, "{'type':'subscribe','ref':2,'topic':'log:lag'}"));
      String answers = "";
      while (!answers.contains("subscribed")) {
        answers = lines.readLine();
      }
      TestSocket jun = TestSocket.signedIn(gateway.port(), "jun");
      jun.ask("{'type':'command','ref':2,'service':'tester','name':'flood',"
          + "'args':{'log':'lag','count':%d,'bytes':8000}}".formatted(count));
      await()
          .untilAsserted(
              () -> assertThat(gateway.gauge("madang.lagging.connections")).isEqualTo(1));

      int heard = 0;
      int responses = 1;
      while (heard < count) {
        String line = lines.readLine();
        if (line == null) {
          lines = stream("/000/lag");
          responses++;
        } else if (line.startsWith("a")) {
          for (Object each : new JsonArray(line.substring(1))) {
            JsonObject frame = new JsonObject((String) each);
            if (frame.getString("type").equals("publication")) {
              assertThat(frame.getInteger("offset")).isEqualTo(++heard);
            }
          }
        }
      }
      assertThat(responses).isGreaterThan(2);
      await()
          .untilAsserted(
              () -> assertThat(gateway.gauge("madang.lagging.connections")).isZero());
    }
  }

  @Nested
  class A_session {
    @Test
    void leaves_nothing_behind_when_its_client_is_gone() {
      try (RunningGateway own = new RunningGateway(Map.of())) {
        TestSocket socket = TestSocket.open(own.port(), "/sockjs/000/gone/websocket");
        socket.nextText();
        socket.sendRaw(batch(CONNECT));
        socket.nextText();
        assertThat(own.gauge("madang.connections")).isEqualTo(1);

        socket.close(1000, "");

        await().untilAsserted(() -> {
          assertThat(own.gauge("madang.connections")).isZero();
          assertThat(own.gauge("madang.http.connections")).isZero();
        });
      }
    }
  }

  @Nested
  class A_session_that_was_opened_with_a_cookie {
    private final String[] mina = cookie("good-mina");

    private static String[] cookie(String token) {
      return new String[] {"Cookie", "madang=" + token, "Origin", RunningGateway.ALLOWED_ORIGIN};
    }

    private void open(String id) {
      post("/000/" + id + "/xhr", "", mina);
      post(
          "/000/" + id + "/xhr_send",
          batch("{'type':'command','ref':1,'service':'tester','name':'whoAmI'}"),
          mina);
    }

    @Test
    void is_signed_in_by_it_and_goes_on_with_it() {
      open("cookie1");

      assertThat(post("/000/cookie1/xhr", "", mina).body()).contains("u-mina");
    }

    @Test
    void counts_for_a_stream_that_our_own_page_opens_and_for_no_post_without_an_origin()
        throws Exception {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write(String.join(
            "\r\n",
            "GET /sockjs/000/cookie3/eventsource HTTP/1.1",
            "Host: x",
            "Cookie: __Host-madang=good-mina",
            "",
            ""));
        assertThat(raw.readHeaders()).startsWith("HTTP/1.1 200");
        assertThat(post(
                    "/000/cookie3/xhr_send",
                    batch("{'type':'command','ref':1,'service':'tester','name':'whoAmI'}"),
                    mina)
                .statusCode())
            .isEqualTo(204);
        assertThat(post("/000/cookie3/xhr_send", "[]", "Cookie", "madang=good-mina")
                .statusCode())
            .isEqualTo(404);
      }
    }

    @Test
    void is_nobody_elses_though_they_know_its_id() {
      open("cookie2");

      for (String[] others : new String[][] {{}, cookie("good-jun"), cookie("bad")}) {
        assertThat(post("/000/cookie2/xhr", "", others).body()).startsWith("c[1002,");
        assertThat(post("/000/cookie2/xhr_send", "[]", others).statusCode()).isEqualTo(404);
      }
      assertThat(post("/000/cookie2/xhr", "", mina).body()).contains("u-mina");
    }
  }

  @Nested
  class A_page_of_another_origin {
    @Test
    void is_turned_away_from_every_transport() throws Exception {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write("GET /sockjs/info HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n\r\n");
        assertThat(raw.readHeaders()).startsWith("HTTP/1.1 403");
      }
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write("GET /sockjs/info HTTP/1.1\r\nHost: x\r\nOrigin: " + RunningGateway.ALLOWED_ORIGIN
            + "\r\n\r\n");
        assertThat(raw.readHeaders())
            .startsWith("HTTP/1.1 200")
            .containsIgnoringCase("access-control-allow-origin: " + RunningGateway.ALLOWED_ORIGIN);
      }
    }
  }
}
