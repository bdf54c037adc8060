package io.madang.gateway.edge.sockjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.edge.RawHttp;
import io.madang.gateway.edge.RawHttp.Answer;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the public test suite of SockJS 0.3.3 asks of sessions and HTTP transports, and what broke other servers. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SockJsSessionsTest {
  private static final String NO_STORE =
      "no-store, no-cache, no-transform, must-revalidate, max-age=0";
  private static final String STILL_OPEN = "c[2010,\"Another connection still open\"]";
  private static final String PRELUDE = "h".repeat(2_048) + "\n";

  private EchoServices services;

  /** Number of the last session. */
  private int last;

  /** What is asked. */
  EchoServices begin() throws IOException {
    return new EchoServices(1);
  }

  /** What a proxy takes for itself. */
  Optional<String> wordToProxies(String word) {
    return Optional.of(word);
  }

  @BeforeAll
  void start() throws IOException {
    services = begin();
  }

  @AfterAll
  void stop() {
    services.close();
  }

  /** The transports that bring frames. */
  enum Receiving {
    XHR("POST", "/xhr"),
    XHR_STREAMING("POST", "/xhr_streaming"),
    EVENTSOURCE("GET", "/eventsource"),
    HTMLFILE("GET", "/htmlfile?c=callback"),
    JSONP("GET", "/jsonp?c=callback");

    final String method;
    final String path;

    Receiving(String method, String path) {
      this.method = method;
      this.path = path;
    }

    boolean streams() {
      return this != XHR && this != JSONP;
    }

    String wrapped(String frame) {
      String source = frame.replace("\\", "\\\\").replace("\"", "\\\"");
      return switch (this) {
        case XHR, XHR_STREAMING -> frame + "\n";
        case EVENTSOURCE -> "data: " + frame + "\r\n\r\n";
        case HTMLFILE -> "<script>\np(\"" + source + "\");\n</script>\r\n";
        case JSONP -> "/**/callback(\"" + source + "\");\r\n";
      };
    }
  }

  /** A session nobody had before, under this base. */
  private String session(String base) {
    return base + "/000/s" + ++last;
  }

  private Answer post(String path, String body, String... headers) {
    return RawHttp.ask(services.port(), "POST", path, body, headers);
  }

  private Answer get(String path, String... headers) {
    return RawHttp.ask(services.port(), "GET", path, "", headers);
  }

  private Answer send(String session, String body) {
    return post(session + "/xhr_send", body);
  }

  private String poll(String session) {
    return post(session + "/xhr", "").body();
  }

  /** A response of this transport that waits, past what comes before frames. */
  private RawHttp waiting(String session, Receiving by) throws IOException {
    services.settle();
    int before = services.came();
    RawHttp http = new RawHttp(services.port());
    http.send(by.method, session + by.path, "");
    if (by.streams()) {
      assertThat(http.head().status()).isEqualTo(200);
      http.frame();
    }
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> services.came() > before);
    return http;
  }

  /** The next frame as it is on the wire. */
  private static String next(RawHttp http, Receiving by) throws IOException {
    return by.streams() ? http.frame() : http.answer().body();
  }

  @Nested
  class A_session {
    @Test
    void opens_and_echoes() {
      String session = session("/echo");

      assertThat(poll(session)).isEqualTo("o\n");
      assertThat(send(session, "[\"a\"]").status()).isEqualTo(204);
      assertThat(poll(session)).isEqualTo("a[\"a\"]\n");
    }

    @Test
    void that_is_not_there_takes_nothing_and_does_not_begin_by_that() {
      String session = session("/echo");

      assertThat(send(session, "[\"a\"]").status()).isEqualTo(404);
      assertThat(post(session + "/jsonp_send", "[\"a\"]").status()).isEqualTo(404);
      assertThat(poll(session)).isEqualTo("o\n");
    }

    @ParameterizedTest
    @EnumSource
    void has_one_response_that_waits_and_a_second_is_told_so(Receiving by) throws IOException {
      String session = session("/echo");
      poll(session);
      try (RawHttp first = waiting(session, by)) {
        try (RawHttp second = new RawHttp(services.port())) {
          second.send(by.method, session + by.path, "");
          Answer answer = second.answer();
          assertThat(answer.status()).isEqualTo(200);
          assertThat(answer.body()).endsWith(by.wrapped(STILL_OPEN));
        }
        send(session, "[\"x\"]");
        assertThat(next(first, by)).isEqualTo(by.wrapped("a[\"x\"]"));
      }
    }

    @Test
    void that_is_closed_says_so_each_time() {
      String session = session("/close");

      assertThat(poll(session)).isEqualTo("o\n");
      assertThat(poll(session)).isEqualTo("c[3000,\"Go away!\"]\n");
      assertThat(poll(session)).isEqualTo("c[3000,\"Go away!\"]\n");
      assertThat(send(session, "[\"a\"]").status()).isEqualTo(404);
    }

    @Test
    void that_is_closed_is_forgotten_five_seconds_after_the_last_question() {
      String session = session("/close");
      poll(session);
      services.pass(Duration.ofMillis(4_500));
      assertThat(poll(session)).startsWith("c[");
      services.pass(Duration.ofMillis(4_500));
      assertThat(poll(session)).startsWith("c[");
      services.pass(Duration.ofSeconds(6));

      assertThat(poll(session)).isEqualTo("o\n");
    }

    @Test
    void keeps_what_is_said_while_nobody_waits_for_one_frame() {
      String session = session("/echo");
      poll(session);
      send(session, "[\"a\"]");
      send(session, "[\"b\",\"c\"]");

      assertThat(poll(session)).isEqualTo("a[\"a\",\"b\",\"c\"]\n");
    }

    @Test
    void lives_five_seconds_without_a_response() {
      String session = session("/echo");
      poll(session);
      services.pass(Duration.ofMillis(4_500));
      assertThat(send(session, "[\"a\"]").status()).isEqualTo(204);
      services.pass(Duration.ofMillis(1_500));

      assertThat(send(session, "[\"a\"]").status()).isEqualTo(404);
      assertThat(poll(session)).isEqualTo("o\n");
    }

    @Test
    void is_told_a_heartbeat_that_ends_a_poll() throws IOException {
      String session = session("/echo");
      poll(session);
      try (RawHttp poll = waiting(session, Receiving.XHR)) {
        services.pass(Duration.ofSeconds(26));

        assertThat(poll.answer().body()).isEqualTo("h\n");
      }
      assertThat(send(session, "[\"a\"]").status()).isEqualTo(204);
    }

    @Test
    void is_told_heartbeats_on_a_stream_whatever_else_is_said() throws IOException {
      String session = session("/echo");
      try (RawHttp stream = waiting(session, Receiving.XHR_STREAMING)) {
        assertThat(stream.frame()).isEqualTo("o\n");
        services.pass(Duration.ofSeconds(20));
        send(session, "[\"a\"]");
        assertThat(stream.frame()).isEqualTo("a[\"a\"]\n");
        services.pass(Duration.ofSeconds(6));
        assertThat(stream.frame()).isEqualTo("h\n");
        services.pass(Duration.ofSeconds(26));
        assertThat(stream.frame()).isEqualTo("h\n");
      }
    }

    @Test
    void never_takes_the_next_poll_for_a_second_one() throws IOException {
      String session = session("/echo");
      poll(session);
      try (RawHttp one = new RawHttp(services.port());
          RawHttp other = new RawHttp(services.port())) {
        for (int i = 0; i < 500; i++) {
          send(session, "[\"" + i + "\"]");
          RawHttp turn = i % 2 == 0 ? one : other;
          turn.send("POST", session + "/xhr", "");
          assertThat(turn.answer().body()).isEqualTo("a[\"" + i + "\"]\n");
        }
      }
    }

    @Test
    void may_go_on_over_another_transport() throws IOException {
      String session = session("/echo");
      poll(session);
      send(session, "[\"a\"]");

      assertThat(get(session + "/jsonp?c=callback").body())
          .isEqualTo(Receiving.JSONP.wrapped("a[\"a\"]"));
      try (RawHttp stream = waiting(session, Receiving.EVENTSOURCE)) {
        send(session, "[\"b\"]");
        assertThat(stream.frame()).isEqualTo("data: a[\"b\"]\r\n\r\n");
      }
    }
  }

  @Nested
  class A_session_whose_response_is_cut {
    @ParameterizedTest
    @EnumSource
    void is_over_at_once(Receiving by) throws IOException {
      String session = session("/echo");
      poll(session);
      int closed = services.closed.get();
      RawHttp http = waiting(session, by);
      http.close();

      await().until(() -> services.closed.get() == closed + 1);
      assertThat(send(session, "[\"a\"]").status()).isEqualTo(404);
      assertThat(poll(session)).isEqualTo("c[1002,\"Connection interrupted\"]\n");
      assertThat(services.closed.get()).isEqualTo(closed + 1);
      services.pass(Duration.ofSeconds(6));
      assertThat(poll(session)).isEqualTo("o\n");
    }

    @Test
    void leaves_nothing_behind() throws IOException {
      List<RawHttp> streams = new ArrayList<>();
      int closed = services.closed.get();
      for (int i = 0; i < 200; i++) {
        streams.add(waiting(session("/echo"), Receiving.XHR_STREAMING));
      }
      for (RawHttp stream : streams) {
        stream.close();
      }
      await().until(() -> services.closed.get() >= closed + 200);
      services.pass(Duration.ofSeconds(6));
      services.pass(Duration.ofSeconds(6));

      assertThat(services.sessions()).isZero();
    }
  }

  @Nested
  class A_session_that_the_server_closes {
    @Test
    void ends_its_stream_and_tells_the_next() throws IOException {
      String session = session("/close");
      try (RawHttp stream = waiting(session, Receiving.XHR_STREAMING)) {
        assertThat(stream.frame()).isEqualTo("o\n");
        assertThat(stream.frame()).isEqualTo("c[3000,\"Go away!\"]\n");
        assertThat(stream.frame()).isEmpty();
      }
      for (int i = 0; i < 2; i++) {
        assertThat(post(session + "/xhr_streaming", "").body())
            .isEqualTo(PRELUDE + "c[3000,\"Go away!\"]\n");
      }
    }
  }

  @Nested
  class Asked_by_a_page {
    @ParameterizedTest
    @ValueSource(strings = {"/xhr", "/xhr_streaming", "/xhr_send"})
    void each_post_may_be_asked_about_for_a_year(String transport) {
      Answer answer = RawHttp.ask(
          services.port(),
          "OPTIONS",
          session("/echo") + transport,
          "",
          "Origin",
          "http://a.example",
          "Access-Control-Request-Headers",
          "a, b, c");

      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.header("access-control-allow-methods")).hasValue("OPTIONS, POST");
      assertThat(answer.header("access-control-allow-headers")).hasValue("a, b, c");
      assertThat(answer.header("cache-control").orElse("")).contains("public", "max-age=31536000");
      assertThat(answer.header("access-control-allow-origin")).hasValue("http://a.example");
    }

    @Test
    void what_it_wants_to_send_is_said_back_only_if_it_is_something() {
      assertThat(post(session("/echo") + "/xhr", "", "Access-Control-Request-Headers", "")
              .header("access-control-allow-headers"))
          .isEmpty();
      assertThat(post(session("/echo") + "/xhr", "").header("access-control-allow-headers"))
          .isEmpty();
    }

    @Test
    void errors_can_be_read_too() {
      String session = session("/echo");
      Answer unknown = post(session + "/xhr_send", "[\"a\"]", "Origin", "http://a.example");
      assertThat(unknown.status()).isEqualTo(404);
      assertThat(unknown.header("access-control-allow-origin")).hasValue("http://a.example");
      poll(session);
      Answer broken = post(session + "/xhr_send", "", "Origin", "http://a.example");
      assertThat(broken.status()).isEqualTo(500);
      assertThat(broken.header("access-control-allow-origin")).hasValue("http://a.example");
    }

    @Test
    void one_that_is_not_allowed_gets_nowhere() {
      for (String path : new String[] {"/xhr", "/xhr_streaming", "/xhr_send", "/jsonp_send"}) {
        Answer answer = post(session("/strict") + path, "[]", "Origin", "https://evil.example");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("access-control-allow-origin")).isEmpty();
      }
      assertThat(get(session("/strict") + "/eventsource", "Origin", "https://evil.example")
              .status())
          .isEqualTo(403);
    }
  }

  @Nested
  class Polling {
    @Test
    void answers_with_a_script_that_nobody_keeps() {
      String session = session("/echo");
      Answer answer = post(session + "/xhr", "", "Origin", "http://a.example");

      assertThat(answer.header("content-type")).hasValue("application/javascript; charset=UTF-8");
      assertThat(answer.header("cache-control")).hasValue(NO_STORE);
      assertThat(answer.header("access-control-allow-origin")).hasValue("http://a.example");
      assertThat(answer.header("access-control-allow-credentials")).hasValue("true");
      Answer sent = post(session + "/xhr_send", "[\"x\"]");
      assertThat(sent.status()).isEqualTo(204);
      assertThat(sent.header("content-type")).hasValue("text/plain; charset=UTF-8");
      assertThat(sent.header("cache-control")).hasValue(NO_STORE);
    }

    @Test
    void other_methods_are_refused() {
      Answer answer = get(session("/echo") + "/xhr");

      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("allow")).hasValue("POST, OPTIONS");
      assertThat(answer.header("content-type")).isEmpty();
      assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"a", "[\"a\"", "[1]", "[{}]", "[\"a\"]x", "[null]"})
    void broken_bodies_are_told_and_the_session_goes_on(String body) {
      String session = session("/echo");
      poll(session);
      Answer answer = send(session, body);

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("Broken JSON encoding.");
      assertThat(send(session, "[\"a\"]").status()).isEqualTo(204);
      assertThat(poll(session)).isEqualTo("a[\"a\"]\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"a\"", "{}", "null", "1"})
    void bodies_that_are_no_array_are_told(String body) {
      String session = session("/echo");
      poll(session);
      Answer answer = send(session, body);

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("Payload expected.");
    }

    @Test
    void any_content_type_is_taken() {
      String session = session("/echo");
      poll(session);
      List<String> types = List.of(
          "text/plain",
          "T",
          "application/json",
          "application/xml",
          "",
          "application/json; charset=utf-8",
          "text/xml; charset=utf-8",
          "text/xml");
      for (String type : types) {
        assertThat(post(session + "/xhr_send", "[\"a\"]", "Content-Type", type).status())
            .isEqualTo(204);
      }
      assertThat(poll(session)).isEqualTo("a[" + "\"a\",".repeat(7) + "\"a\"]\n");
    }

    @Test
    void nothing_at_all_is_taken() {
      String session = session("/echo");
      poll(session);

      assertThat(send(session, " [ ] ").status()).isEqualTo(204);
      send(session, "[\"x\"]");
      assertThat(poll(session)).isEqualTo("a[\"x\"]\n");
    }

    @Test
    void bodies_may_come_in_chunks() throws IOException {
      String session = session("/echo");
      poll(session);
      try (RawHttp http = new RawHttp(services.port())) {
        http.write("POST " + session + "/xhr_send HTTP/1.1\r\nHost: x\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n3\r\n[\"a\r\n2\r\n\"]\r\n0\r\n\r\n");
        assertThat(http.answer().status()).isEqualTo(204);
      }
      assertThat(poll(session)).isEqualTo("a[\"a\"]\n");
    }

    @Test
    void many_messages_come_in_one_body() {
      String session = session("/echo");
      poll(session);
      JsonArray many =
          new JsonArray(IntStream.range(0, 1_000).mapToObj(i -> "m" + i).toList());

      assertThat(send(session, many.encode()).status()).isEqualTo(204);
      assertThat(poll(session)).isEqualTo("a" + many.encode() + "\n");
    }

    @Test
    void a_body_that_is_too_large_is_refused() {
      String session = session("/echo");
      poll(session);

      assertThat(send(session, "x".repeat(300_000)).status()).isEqualTo(413);
    }
  }

  @Nested
  class Xhr_streaming {
    @Test
    void begins_with_two_kilobytes_for_browsers() throws IOException {
      String session = session("/echo");
      try (RawHttp stream = new RawHttp(services.port())) {
        stream.send("POST", session + "/xhr_streaming", "", "Origin", "http://a.example");
        RawHttp.Head head = stream.head();
        assertThat(head.header("content-type")).hasValue("application/javascript; charset=UTF-8");
        assertThat(head.header("cache-control")).hasValue(NO_STORE);
        assertThat(head.header("x-accel-buffering")).isEqualTo(wordToProxies("no"));
        assertThat(head.header("access-control-allow-origin")).hasValue("http://a.example");
        assertThat(stream.frame()).isEqualTo(PRELUDE);
        assertThat(stream.frame()).isEqualTo("o\n");
        send(session, "[\"x\"]");
        assertThat(stream.frame()).isEqualTo("a[\"x\"]\n");
      }
    }

    @Test
    void ends_after_enough_frames_which_the_prelude_is_none_of() throws IOException {
      String session = session("/echo");
      String message = "\"" + "x".repeat(128) + "\"";
      try (RawHttp stream = waiting(session, Receiving.XHR_STREAMING)) {
        assertThat(stream.frame()).isEqualTo("o\n");
        for (int i = 0; i < 31; i++) {
          send(session, "[" + message + "]");
          assertThat(stream.frame()).isEqualTo("a[" + message + "]\n");
        }
        assertThat(stream.frame()).isEmpty();
      }
      send(session, "[\"a\"]");
      assertThat(poll(session)).isEqualTo("a[\"a\"]\n");
    }

    @Test
    void brings_a_large_frame_whole_and_ends() throws IOException {
      String session = session("/echo");
      try (RawHttp stream = waiting(session, Receiving.XHR_STREAMING)) {
        stream.frame();
        send(session, "[\"" + "x".repeat(20_000) + "\"]");
        StringBuilder all = new StringBuilder();
        for (String frame = stream.frame(); !frame.isEmpty(); frame = stream.frame()) {
          all.append(frame);
        }
        assertThat(all).hasSize(20_000 + 6);
      }
    }

    @Test
    void goes_on_with_the_next_response_without_a_loss() throws IOException {
      String session = session("/echo");
      List<String> heard = new ArrayList<>();
      RawHttp stream = waiting(session, Receiving.XHR_STREAMING);
      stream.frame();
      for (int i = 0; i < 1_000; i++) {
        send(session, "[\"" + i + "\"]");
        if (i % 100 == 99) {
          while (heard.size() <= i) {
            String frame = stream.frame();
            if (frame.isEmpty()) {
              stream.close();
              stream = waiting(session, Receiving.XHR_STREAMING);
            } else {
              new JsonArray(frame.substring(1)).forEach(each -> heard.add((String) each));
            }
          }
        }
      }
      stream.close();

      assertThat(heard)
          .containsExactlyElementsOf(
              IntStream.range(0, 1_000).mapToObj(Integer::toString).toList());
    }
  }

  @Nested
  class Eventsource {
    @Test
    void is_a_stream_of_events() throws IOException {
      String session = session("/echo");
      try (RawHttp stream = new RawHttp(services.port())) {
        stream.send("GET", session + "/eventsource", "", "Origin", "http://a.example");
        RawHttp.Head head = stream.head();
        assertThat(head.header("content-type")).hasValue("text/event-stream");
        assertThat(head.header("cache-control")).hasValue(NO_STORE);
        assertThat(head.header("access-control-allow-origin")).hasValue("http://a.example");
        assertThat(stream.frame()).isEqualTo("\r\n");
        assertThat(stream.frame()).isEqualTo("data: o\r\n\r\n");
        send(session, "[\"x\",\"  \\u0000\\n\\r \"]");
        assertThat(stream.frame()).isEqualTo("data: a[\"x\",\"  \\u0000\\n\\r \"]\r\n\r\n");
      }
    }

    @Test
    void escapes_what_its_client_would_decode() throws IOException {
      String session = session("/echo");
      try (RawHttp stream = waiting(session, Receiving.EVENTSOURCE)) {
        stream.frame();
        send(session, "[\"%41 100% sure\"]");
        assertThat(stream.frame()).isEqualTo("data: a[\"%2541 100%25 sure\"]\r\n\r\n");
      }
    }

    @Test
    void ends_after_enough() throws IOException {
      String session = session("/echo");
      try (RawHttp stream = waiting(session, Receiving.EVENTSOURCE)) {
        stream.frame();
        send(session, "[\"" + "x".repeat(4_096) + "\"]");
        assertThat(stream.frame()).isEqualTo("data: a[\"" + "x".repeat(4_096) + "\"]\r\n\r\n");
        assertThat(stream.frame()).isEmpty();
      }
    }
  }

  @Nested
  class Htmlfile {
    @Test
    void is_a_page_that_calls_the_page_around_it() throws IOException {
      String session = session("/echo");
      try (RawHttp stream = new RawHttp(services.port())) {
        stream.send("GET", session + "/htmlfile?c=%63allback", "");
        RawHttp.Head head = stream.head();
        assertThat(head.header("content-type")).hasValue("text/html; charset=UTF-8");
        assertThat(head.header("cache-control")).hasValue(NO_STORE);
        String page = stream.frame();
        assertThat(page).hasSizeGreaterThan(1_024).contains("parent.callback");
        assertThat(stream.frame()).isEqualTo("<script>\np(\"o\");\n</script>\r\n");
        send(session, "[\"x\"]");
        assertThat(stream.frame()).isEqualTo("<script>\np(\"a[\\\"x\\\"]\");\n</script>\r\n");
      }
    }

    @Test
    void runs_nothing_that_a_message_says() throws IOException {
      String session = session("/echo");
      try (RawHttp stream = waiting(session, Receiving.HTMLFILE)) {
        stream.frame();
        send(session, "[\"</script><script>alert(1)<!--\"]");
        assertThat(stream.frame())
            .isEqualTo(
                "<script>\np(\"a[\\\"\\u003c/script>\\u003cscript>alert(1)\\u003c!--\\\"]\");\n</script>\r\n");
      }
    }

    @Test
    void ends_after_enough() throws IOException {
      String session = session("/echo");
      try (RawHttp stream = waiting(session, Receiving.HTMLFILE)) {
        stream.frame();
        send(session, "[\"" + "x".repeat(4_096) + "\"]");
        stream.frame();
        assertThat(stream.frame()).isEmpty();
      }
    }
  }

  @Nested
  class Jsonp {
    @Test
    void answers_with_a_call() {
      String session = session("/echo");
      Answer opened = get(session + "/jsonp?c=%63allback");
      assertThat(opened.header("content-type")).hasValue("application/javascript; charset=UTF-8");
      assertThat(opened.header("cache-control")).hasValue(NO_STORE);
      assertThat(opened.header("x-content-type-options")).hasValue("nosniff");
      assertThat(opened.body()).isEqualTo("/**/callback(\"o\");\r\n");

      Answer sent = post(
          session + "/jsonp_send",
          "d=%5B%22x%22%5D",
          "Content-Type",
          "application/x-www-form-urlencoded");
      assertThat(sent.status()).isEqualTo(200);
      assertThat(sent.body()).isEqualTo("ok");
      assertThat(sent.header("content-type")).hasValue("text/plain; charset=UTF-8");
      assertThat(sent.header("cache-control")).hasValue(NO_STORE);
      assertThat(get(session + "/jsonp?callback=x").body())
          .isEqualTo("/**/x(\"a[\\\"x\\\"]\");\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "d=", "p=p", "d"})
    void needs_something_to_send(String body) {
      String session = session("/echo");
      get(session + "/jsonp?c=x");
      Answer answer =
          post(session + "/jsonp_send", body, "Content-Type", "application/x-www-form-urlencoded");

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("Payload expected.");
    }

    @Test
    void takes_forms_and_plain_texts() {
      String session = session("/echo");
      get(session + "/jsonp?c=x");
      String form = "application/x-www-form-urlencoded; charset=UTF-8";
      post(session + "/jsonp_send", "d=%5B%22a+b%26c%3Dd%2Be%22%5D", "Content-Type", form);
      post(session + "/jsonp_send", "[\"%61\"]", "Content-Type", "text/plain");
      post(session + "/jsonp_send", "d=%5B%5D", "Content-Type", form);

      assertThat(poll(session)).isEqualTo("a[\"a b&c=d+e\",\"%61\"]\n");
    }

    @Test
    void tells_broken_bodies() {
      String session = session("/echo");
      get(session + "/jsonp?c=x");
      Answer answer = post(
          session + "/jsonp_send",
          "d=%5B%22x",
          "Content-Type",
          "application/x-www-form-urlencoded");

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("Broken JSON encoding.");
      assertThat(post(session + "/jsonp_send", "[\"b\"]", "Content-Type", "text/plain")
              .body())
          .isEqualTo("ok");
      assertThat(poll(session)).isEqualTo("a[\"b\"]\n");
    }

    @Test
    void says_close_each_time() {
      String session = session("/close");

      assertThat(get(session + "/jsonp?c=x").body()).isEqualTo("/**/x(\"o\");\r\n");
      for (int i = 0; i < 2; i++) {
        assertThat(get(session + "/jsonp?c=x").body())
            .isEqualTo("/**/x(\"c[3000,\\\"Go away!\\\"]\");\r\n");
      }
    }
  }

  @Nested
  class A_callback {
    @ParameterizedTest
    @ValueSource(strings = {"/htmlfile", "/jsonp"})
    void is_needed(String transport) {
      Answer answer = get(session("/echo") + transport);

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("\"callback\" parameter required");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"%20", "*", "abc(", "abc%28", "a%3Cb", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})
    void is_a_name_and_else_begins_no_session(String callback) {
      int opened = services.opened.get();
      for (String transport : new String[] {"/htmlfile", "/jsonp"}) {
        Answer answer = get(session("/echo") + transport + "?c=" + callback);
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("invalid \"callback\" parameter");
      }
      assertThat(services.opened.get()).isEqualTo(opened);
    }
  }

  @Nested
  class Every_text {
    /** Those that servers have to escape, of the public test suite. */
    private static String fragile() {
      StringBuilder all = new StringBuilder("\u0000");
      for (int[] range : new int[][] {
        {0x200C, 0x200F}, {0x2028, 0x202F}, {0x2060, 0x206F}, {0xFFF0, 0xFFFF}, {0x01, 0x1F}
      }) {
        for (int c = range[0]; c <= range[1]; c++) {
          all.append((char) c);
        }
      }
      return all.toString();
    }

    private static String escaped(String text) {
      StringBuilder json = new StringBuilder("[\"");
      text.chars().forEach(c -> json.append("\\u%04x".formatted(c)));
      return json.append("\"]").toString();
    }

    @Test
    void of_fragile_characters_comes_back_in_lower_case_escapes() {
      String session = session("/echo");
      poll(session);
      String fragile = fragile().substring(0, fragile().length() - 0x1F);
      send(session, escaped(fragile));

      assertThat(poll(session)).isEqualTo("a" + escaped(fragile) + "\n");
    }

    @ParameterizedTest
    @EnumSource(names = {"XHR", "EVENTSOURCE", "JSONP", "HTMLFILE"})
    void comes_back_as_it_was(Receiving by) throws IOException {
      String session = session("/echo");
      poll(session);
      StringBuilder units = new StringBuilder();
      for (int c = 0; c <= 0xFFFF; c += by == Receiving.XHR ? 1 : 7) {
        units.append((char) c);
      }
      for (int i = 0; i < 1_000; i++) {
        units.appendCodePoint(0x1F300 + new Random(i).nextInt(0x300));
      }
      units.append("\ud83d");
      for (int at = 0; at < units.length(); at += 20_000) {
        String part = units.substring(at, Math.min(units.length(), at + 20_000));
        send(session, escaped(part));
        String frame;
        try (RawHttp http = waiting(session, by)) {
          frame = next(http, by);
        }
        assertThat(new JsonArray(unwrapped(frame, by).substring(1)).getString(0))
            .isEqualTo(part);
      }
    }

    private static String unwrapped(String wire, Receiving by) {
      return switch (by) {
        case EVENTSOURCE -> wire.strip().substring("data: ".length()).replace("%25", "%");
        case HTMLFILE ->
          new JsonArray("[" + wire.substring("<script>\np(".length(), wire.indexOf(");\n</")) + "]")
              .getString(0);
        case JSONP ->
          new JsonArray("[" + wire.substring(wire.indexOf('(') + 1, wire.lastIndexOf(')')) + "]")
              .getString(0);
        default -> wire.strip();
      };
    }

    @Test
    void is_utf_8_where_it_is_not_escaped() {
      String session = session("/echo");
      poll(session);
      send(session, "[\"마당 😀\"]");

      assertThat(poll(session).getBytes(StandardCharsets.UTF_8))
          .isEqualTo("a[\"마당 😀\"]\n".getBytes(StandardCharsets.UTF_8));
    }
  }
}
