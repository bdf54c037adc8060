package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventStreamTest {
  @RegisterExtension
  final RunningGateway gateway = new RunningGateway(Map.of(
      "MADANG_KEEP_ALIVE_MS",
      "500",
      "MADANG_CLIENT_TIMEOUT_MS",
      "2000",
      "MADANG_STREAM_TOPICS",
      "3",
      "MADANG_USER_COMMAND_RATE",
      "0"));

  private final TestSocket mina = TestSocket.signedIn(gateway.port(), "mina");

  /** Topics that no other test of the class has. */
  private String a;

  private String b;
  private int number;
  private int ref = 1;

  @BeforeEach
  void choose() {
    number++;
    a = "a" + number;
    b = "b" + number;
  }

  private TestStream stream(String query, String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "Authorization";
    all[1] = "Bearer good-jun";
    return TestStream.open(gateway.port(), query, all);
  }

  private HttpResponse<InputStream> answer(String query, String... headers) {
    return TestStream.answer(gateway.port(), query, headers);
  }

  private void say(String log, String text) {
    // Other frames are signs of life that this test does not have.
    mina.ask("{'type':'command','ref':%d,'service':'tester','name':'say','args':['%s','%s']}"
        .formatted(++ref, log, text));
  }

  private static String said(TestStream.Event event) {
    assertThat(event.name()).as(event.data()).isEqualTo("message");
    return event.json().getJsonObject("data").getString("text");
  }

  private static void assertProblem(HttpResponse<InputStream> response, int status, String code) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(new JsonObject(text(response)).getString("code")).isEqualTo(code);
  }

  private static String text(HttpResponse<InputStream> response) {
    try {
      return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Nested
  class A_stream {
    @Test
    void begins_with_where_its_topic_stands_and_brings_what_is_published() {
      say(a, "before");
      try (TestStream stream = stream("topic=log:" + a)) {
        JsonObject subscribed = stream.next("subscribed").json();
        say(a, "one");
        say(a, "two");

        assertThat(subscribed.getString("topic")).isEqualTo("log:" + a);
        assertThat(subscribed.getBoolean("recovered")).isFalse();
        assertThat(subscribed.getJsonObject("position").getInteger("offset")).isEqualTo(1);
        assertThat(subscribed.getJsonObject("snapshot")).isNotNull();
        TestStream.Event one = stream.next();
        assertThat(one.json().getString("type")).isEqualTo("publication");
        assertThat(one.json().getInteger("offset")).isEqualTo(2);
        assertThat(said(one)).isEqualTo("one");
        assertThat(said(stream.next())).isEqualTo("two");
      }
    }

    @Test
    void is_an_answer_that_nobody_keeps_and_no_proxy_holds_back() {
      try (TestStream stream = stream("topic=log:" + a)) {
        Map<String, String> headers = stream.response.headers().map().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().get(0)));

        assertThat(headers)
            .containsEntry("content-type", "text/event-stream")
            .containsEntry("cache-control", "no-cache, no-store, no-transform")
            .containsEntry("x-accel-buffering", "no")
            .containsEntry("transfer-encoding", "chunked")
            .containsEntry("x-content-type-options", "nosniff");
      }
    }

    @Test
    void says_how_long_to_wait_before_coming_again() {
      try (TestStream stream = stream("topic=log:" + a)) {
        stream.next("subscribed");

        assertThat(stream.retryMs()).isBetween(1_000L, 2_000L);
      }
    }

    @Test
    void is_kept_alive_by_comments() {
      try (TestStream stream = stream("topic=log:" + a)) {
        stream.next("subscribed");

        await().atMost(Duration.ofSeconds(8)).until(() -> stream.comments() >= 3);
        assertThat(stream.hasNothing()).isTrue();
      }
    }

    @Test
    void has_a_place_among_the_connections_until_its_client_goes() {
      // Of its own, as those of other tests leave when they like.
      try (RunningGateway own = new RunningGateway(Map.of())) {
        try (TestStream stream =
            TestStream.open(own.port(), "topic=log:own", "Authorization", "Bearer good-jun")) {
          stream.next("subscribed");
          assertThat(own.gauge("madang.connections")).isEqualTo(1);
        }
        TestSocket speaker = TestSocket.signedIn(own.port(), "speaker");
        speaker.ask("{'type':'command','ref':2,'service':'tester','name':'say',"
            + "'args':['own','by which the gateway finds out']}");
        await().atMost(Duration.ofSeconds(8)).until(() -> own.gauge("madang.connections") == 1);
      }
    }

    @Test
    void is_written_without_chunks_for_a_client_of_http_1_0() throws IOException {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write("GET /stream?topic=log:" + a
            + " HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer good-jun\r\n\r\n");
        String head = raw.readHeaders();

        assertThat(head).startsWith("HTTP/1.1 200 ").doesNotContainIgnoringCase("chunked");
        assertThat(raw.readLine()).startsWith("retry: ");
        assertThat(raw.readLine()).isEmpty();
        assertThat(raw.readLine()).isEqualTo("event: subscribed");
      }
    }

    @Test
    void is_not_disturbed_by_a_line_behind_the_request_and_ended_by_much_more() throws IOException {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write("GET /stream?topic=log:" + a
            + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good-jun\r\n\r\n\r\n");
        raw.readHeaders();
        say(a, "heard");
        raw.readUntil("heard");

        raw.write("x".repeat(2_000));
        raw.readToTheEnd();
      }
    }
  }

  @Nested
  class A_client_that_comes_back {
    @Test
    void names_the_last_id_and_hears_what_it_missed_and_no_more() {
      String last;
      try (TestStream stream = stream("topic=log:" + a)) {
        stream.next("subscribed");
        say(a, "one");
        say(a, "two");
        last = stream.next().id();
        stream.next();
      }
      say(a, "three");

      try (TestStream stream = stream("topic=log:" + a, "Last-Event-ID", last)) {
        TestStream.Event subscribed = stream.next("subscribed");
        assertThat(subscribed.json().getBoolean("recovered")).isTrue();
        assertThat(subscribed.json().containsKey("snapshot")).isFalse();
        assertThat(subscribed.id()).isEqualTo(last);
        assertThat(said(stream.next())).isEqualTo("two");
        assertThat(said(stream.next())).isEqualTo("three");
        say(a, "four");
        assertThat(said(stream.next())).isEqualTo("four");
      }
    }

    @Test
    void may_name_it_in_the_query_where_it_cannot_set_a_header() {
      String last;
      try (TestStream stream = stream("topic=log:" + a)) {
        last = stream.next("subscribed").id();
      }
      say(a, "one");

      try (TestStream stream = stream("topic=log:" + a + "&lastEventId=" + last)) {
        assertThat(stream.next("subscribed").json().getBoolean("recovered")).isTrue();
        assertThat(said(stream.next())).isEqualTo("one");
      }
    }

    @Test
    void goes_on_in_each_of_several_topics_whichever_brought_the_last_event() {
      String last;
      try (TestStream stream = stream("topic=log:" + a + "&topic=log:" + b)) {
        stream.next("subscribed");
        stream.next("subscribed");
        say(a, "a1");
        say(b, "b1");
        say(a, "a2");
        assertThat(said(stream.next())).isEqualTo("a1");
        TestStream.Event b1 = stream.next();
        assertThat(said(b1)).isEqualTo("b1");
        last = b1.id();
      }
      say(b, "b2");

      try (TestStream stream =
          stream("topic=log:" + b + "&topic=log:" + a, "Last-Event-ID", last)) {
        assertThat(stream.next("subscribed").json().getString("topic")).isEqualTo("log:" + b);
        assertThat(said(stream.next())).isEqualTo("b2");
        assertThat(stream.next("subscribed").json().getString("topic")).isEqualTo("log:" + a);
        assertThat(said(stream.next())).isEqualTo("a2");
      }
    }

    @Test
    void begins_anew_where_its_id_is_of_another_epoch_told_by_a_gap() {
      String last;
      try (TestStream stream = stream("topic=log:" + a)) {
        stream.next("subscribed");
        say(a, "one");
        last = stream.next().id();
      }
      String before = last.replace(":e1", ":e0");

      try (TestStream stream = stream("topic=log:" + a, "Last-Event-ID", before)) {
        TestStream.Event gap = stream.next("gap");
        assertThat(gap.json().getJsonObject("from").getString("epoch")).isEqualTo("e0");
        assertThat(gap.json().getJsonObject("to").getString("epoch")).isEqualTo("e1");
        assertThat(gap.id()).isEqualTo(last);
        assertThat(stream.next("subscribed").json().getBoolean("recovered")).isFalse();
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "x", "a:b:c", ",,,", "a:1:%zz", "a:99999999999999999999:e1", "::"})
    void with_an_id_that_is_none_of_ours_begins_anew(String id) {
      try (TestStream stream = stream("topic=log:" + a, "Last-Event-ID", id)) {
        assertThat(stream.next("subscribed").json().getBoolean("recovered")).isFalse();
      }
    }

    @Test
    void hears_thousands_that_it_missed_in_order() {
      String last;
      try (TestStream stream = stream("topic=log:" + a)) {
        last = stream.next("subscribed").id();
      }
      int count = 3_000;
      mina.ask(
          "{'type':'command','ref':%d,'service':'tester','name':'flood','args':{'log':'%s','count':%d,'bytes':500}}"
              .formatted(++ref, a, count));

      try (TestStream stream = stream("topic=log:" + a, "Last-Event-ID", last)) {
        stream.next("subscribed");
        for (int offset = 1; offset <= count; offset++) {
          assertThat(stream.next().json().getInteger("offset")).isEqualTo(offset);
        }
      }
    }
  }

  @Nested
  class A_stream_of_several_topics {
    @Test
    void names_the_positions_of_all_in_each_id() {
      try (TestStream stream = stream("topic=log:" + a + "&topic=log:" + b)) {
        stream.next("subscribed");
        stream.next("subscribed");
        say(a, "a1");
        say(b, "b1");
        String first = stream.next().id();
        String second = stream.next().id();

        assertThat(first.split(",", -1)).hasSize(2);
        assertThat(first).contains(":1:e1,").endsWith(":0:");
        assertThat(second).contains(":1:e1,").endsWith(":1:");
      }
    }

    @Test
    void hears_those_that_it_may_and_is_told_of_the_others() {
      try (TestStream stream = stream("topic=log:secret&topic=log:" + a)) {
        JsonObject problem = stream.next("problem").json();
        assertThat(problem.getString("code")).isEqualTo("forbidden");
        assertThat(problem.getInteger("ref")).isEqualTo(1);
        assertThat(stream.next("subscribed").json().getString("topic")).isEqualTo("log:" + a);
      }
      try (TestStream stream = stream("topic=log:" + a + "&topic=nowhere:b")) {
        stream.next("subscribed");
        assertThat(stream.next("problem").json().getString("code")).isEqualTo("unknown-topic");
        say(a, "heard");
        assertThat(said(stream.next())).isEqualTo("heard");
      }
    }

    @Test
    void names_a_topic_twice_and_hears_it_once() {
      try (TestStream stream = stream("topic=log:" + a + "&topic=log:" + a)) {
        stream.next("subscribed");
        say(a, "once");
        say(a, "more");

        assertThat(said(stream.next())).isEqualTo("once");
        assertThat(said(stream.next())).isEqualTo("more");
      }
    }
  }

  @Nested
  class A_request_that_becomes_no_stream {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "topic=log:secret|403|forbidden",
          "topic=nowhere:a|404|unknown-topic",
          "topic=log:secret&topic=nowhere:a|403|forbidden",
          "topic=LOG:a|400|bad-request",
          "topic=|400|bad-request",
          "nothing=1|400|bad-request",
          "topic=log:a&topic=log:b&topic=log:c&topic=log:d|400|bad-request",
        })
    void is_answered_with_a_problem(String query, int status, String code) {
      assertProblem(answer(query, "Authorization", "Bearer good-jun"), status, code);
    }

    @Test
    void is_turned_away_without_a_good_credential() {
      assertProblem(answer("topic=log:" + a), 401, "unauthenticated");
      assertProblem(answer("topic=log:" + a, "Authorization", "Bearer bad"), 401, "bad-token");
      assertProblem(answer("topic=log:" + a + "&ticket=bad"), 401, "bad-token");
      assertProblem(answer("topic=log:" + a + "&access_token=good-jun"), 401, "unauthenticated");
    }

    @Test
    void is_turned_away_from_a_page_of_an_origin_that_is_not_allowed() {
      assertProblem(
          answer(
              "topic=log:" + a,
              "Authorization",
              "Bearer good-jun",
              "Origin",
              "https://evil.example"),
          403,
          "forbidden");
    }

    @Test
    void is_answered_with_405_by_another_method() throws IOException {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write("POST /stream?topic=log:a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");

        assertThat(raw.readHeaders()).startsWith("HTTP/1.1 405").contains("GET, OPTIONS");
      }
    }

    /** What came behind it is not read, so a client must not take the connection for one that it may go on with. */
    @ParameterizedTest
    @ValueSource(strings = {"log:secret", "nowhere:a"})
    void says_that_its_connection_ends(String topic) throws IOException {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write("GET /stream?topic=" + topic
            + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good-jun\r\n\r\n");

        assertThat(raw.readHeaders().toLowerCase(Locale.ROOT))
            .startsWith("http/1.1 40")
            .contains("connection: close");
        raw.readToTheEnd();
      }
    }

    @Test
    void is_answered_with_400_if_it_has_a_body() throws IOException {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write("GET /stream?topic=log:a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nxx");

        assertThat(raw.readHeaders()).startsWith("HTTP/1.1 400");
      }
    }
  }

  @Nested
  class A_page {
    @Test
    void of_an_allowed_origin_may_read_the_stream() {
      try (TestStream stream = stream("topic=log:" + a, "Origin", RunningGateway.ALLOWED_ORIGIN)) {
        assertThat(stream.response.headers().firstValue("Access-Control-Allow-Origin"))
            .contains(RunningGateway.ALLOWED_ORIGIN);
        assertThat(stream.response.headers().firstValue("Access-Control-Allow-Credentials"))
            .contains("true");
      }
    }

    @Test
    void uses_its_sign_in_cookie() {
      try (TestStream stream =
          TestStream.open(gateway.port(), "topic=log:" + a, "Cookie", "madang=good-jun")) {
        stream.next("subscribed");
      }
    }

    @Test
    void of_another_site_that_is_allowed_gets_one_that_its_browser_sends_from_there()
        throws IOException {
      String request = "GET /stream?ticket=good-jun&topic=log:" + a
          + " HTTP/1.1\r\nHost: madang.example\r\nOrigin: ";
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write(request + RunningGateway.ALLOWED_ORIGIN + "\r\n\r\n");
        assertThat(raw.readHeaders())
            .contains("Set-Cookie: __Secure-madang-stream=good-jun;")
            .contains("Secure; HTTPOnly; SameSite=None");
      }
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write(request + "https://madang.example\r\n\r\n");
        assertThat(raw.readHeaders()).contains("Secure; HTTPOnly; SameSite=Strict");
      }
    }

    @Test
    void with_a_ticket_gets_a_cookie_by_which_its_browser_comes_back() {
      String cookie;
      try (TestStream stream =
          TestStream.open(gateway.port(), "topic=log:" + a + "&ticket=good-jun")) {
        stream.next("subscribed");
        cookie = stream.response.headers().firstValue("Set-Cookie").orElseThrow();
      }
      assertThat(cookie)
          .startsWith("madang-stream=good-jun;")
          .contains("HTTPOnly")
          .contains("SameSite=Strict")
          .contains("Path=/stream")
          .contains("Max-Age=");

      String value = cookie.substring(0, cookie.indexOf(';'));
      // The issuer of this test knows no used ticket; it takes one that is bad for one that was.
      assertProblem(answer("topic=log:" + a, "Cookie", value), 401, "unauthenticated");
    }
  }

  @Nested
  class At_its_end {
    @Test
    void a_stream_is_told_to_come_back_elsewhere_and_where_it_stood() {
      RunningGateway stopping = new RunningGateway(Map.of());
      TestStream stream = TestStream.signedIn(stopping.port(), "topic=log:a", "jun");
      stream.next("subscribed");
      stopping.close();

      JsonObject disconnect = stream.next("disconnect").json();
      assertThat(disconnect.getInteger("code")).isEqualTo(1012);
      assertThat(disconnect.getBoolean("reconnect")).isTrue();
      stream.isOver();
      assertThat(stream.retryMs()).isBetween(1_000L, 2_000L);
    }
  }

  @Nested
  class Too_many {
    private Optional<RunningGateway> small = Optional.empty();

    private RunningGateway small(Map<String, String> environment) {
      RunningGateway started = new RunningGateway(environment);
      small = Optional.of(started);
      return started;
    }

    @AfterEach
    void stop() {
      small.ifPresent(RunningGateway::close);
    }

    @Test
    void of_an_address_are_told_when_to_come_again_in_the_way_that_their_client_understands() {
      RunningGateway of = small(Map.of("MADANG_CONNECTIONS_PER_ADDRESS", "1"));
      try (TestStream first = TestStream.signedIn(of.port(), "topic=log:a", "jun")) {
        first.next("subscribed");
        HttpResponse<InputStream> program =
            TestStream.answer(of.port(), "topic=log:a", "Authorization", "Bearer good-jun");
        assertProblem(program, 429, "too-many-connections");
        assertThat(program.headers().firstValue("Retry-After")).isPresent();

        try (TestStream browser = TestStream.open(
            of.port(),
            "topic=log:a",
            "Authorization",
            "Bearer good-jun",
            "Accept",
            "text/event-stream")) {
          assertThat(browser.next("problem").json().getString("code"))
              .isEqualTo("too-many-connections");
          browser.isOver();
          assertThat(browser.retryMs()).isEqualTo(30_000);
        }
      }
    }

    @Test
    void topics_at_once_for_a_users_rate_are_asked_for_one_after_the_other() {
      RunningGateway of =
          small(Map.of("MADANG_USER_COMMAND_RATE", "4", "MADANG_USER_COMMAND_BURST", "2"));
      String query =
          IntStream.range(0, 4).mapToObj(i -> "topic=log:" + i).collect(Collectors.joining("&"));

      try (TestStream stream = TestStream.signedIn(of.port(), query, "jun")) {
        for (int i = 0; i < 4; i++) {
          assertThat(stream.next("subscribed").json().getString("topic")).isEqualTo("log:" + i);
        }
      }
    }
  }
}
