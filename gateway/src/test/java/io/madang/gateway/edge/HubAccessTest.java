package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.madang.gateway.edge.RawHttp.Answer;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** By what somebody comes to a hub, from which pages, for how long, and that nobody reads it in the log. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HubAccessTest {
  private static final String HUB = "/hubs/test";
  private static final String NEGOTIATE = HUB + "/negotiate?negotiateVersion=1";
  private static final String STRANGER = "https://evil.example";
  private static final String HANDSHAKE = "{\"protocol\":\"json\",\"version\":1}\u001e";

  @RegisterExtension
  final RunningGateway gateway = new RunningGateway(Map.of());

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      String thrown = event.getThrowableProxy() == null
          ? ""
          : ThrowableProxyUtil.asString(event.getThrowableProxy());
      all.add(event.getLoggerName() + " " + event.getFormattedMessage() + " " + thrown);
    }
  }

  private Answer ask(String method, String path, String... headers) {
    return RawHttp.ask(gateway.port(), method, path, "", headers);
  }

  private int status(String method, String path, String... headers) {
    return ask(method, path, headers).status();
  }

  private String own() {
    return "http://127.0.0.1:" + gateway.port();
  }

  /** The path of a connection of whom these headers name. */
  private String negotiated(String... headers) {
    Answer answer = ask("POST", NEGOTIATE, headers);
    assertThat(answer.status()).isEqualTo(200);
    return HUB + "?id=" + new JsonObject(answer.body()).getString("connectionToken");
  }

  private int upgraded(String path, String... headers) {
    return HubClient.status(gateway.port(), path, headers);
  }

  @Nested
  class The_sign_in_cookie {
    private static final String COOKIE = "madang=good-mina";

    @Test
    void opens_a_socket_for_a_page_that_may_use_it() {
      for (String origin : List.of(own(), RunningGateway.ALLOWED_ORIGIN)) {
        HubClient client =
            HubClient.open(gateway.port(), HUB, "json", "Cookie", COOKIE, "Origin", origin);
        client.shakeHands(1);

        assertThat(client.next()).isEqualTo("{'type':1,'target':'Welcome','arguments':['u-mina']}");
      }
    }

    @Test
    void opens_none_for_another_page_or_none_at_all() {
      assertThat(upgraded(HUB, "Cookie", COOKIE, "Origin", STRANGER)).isEqualTo(403);
      assertThat(upgraded(HUB, "Cookie", COOKIE, "Origin", "null")).isEqualTo(403);
      assertThat(upgraded(HUB, "Cookie", COOKIE)).isEqualTo(401);
    }

    @Test
    void negotiates_polls_says_and_ends_for_a_page_that_may_use_it() {
      String[] page = {"Cookie", COOKIE, "Origin", RunningGateway.ALLOWED_ORIGIN};
      String connection = negotiated(page);

      assertThat(status("GET", connection, page)).isEqualTo(200);
      Answer said = RawHttp.ask(gateway.port(), "POST", connection, HANDSHAKE, page);
      assertThat(said.status()).isEqualTo(200);
      // Browsers name no origin when a page of ours reads.
      assertThat(ask("GET", connection, "Cookie", COOKIE).body()).startsWith("{}\u001e");
      assertThat(status("DELETE", connection, page)).isEqualTo(202);
    }

    @Test
    void negotiates_says_and_ends_nothing_for_another_page_or_none_at_all() {
      assertThat(status("POST", NEGOTIATE, "Cookie", COOKIE, "Origin", STRANGER))
          .isEqualTo(403);
      assertThat(status("POST", NEGOTIATE, "Cookie", COOKIE)).isEqualTo(401);
      String connection = negotiated("Authorization", "Bearer good-mina");
      for (String method : List.of("POST", "DELETE")) {
        assertThat(status(method, connection, "Cookie", COOKIE)).isEqualTo(401);
        assertThat(status(method, connection, "Cookie", COOKIE, "Origin", STRANGER))
            .isEqualTo(403);
      }
      assertThat(status("GET", connection, "Cookie", COOKIE, "Origin", STRANGER))
          .isEqualTo(403);
    }

    @Test
    void of_somebody_else_leads_to_nobodys_connection() {
      String connection = negotiated("Authorization", "Bearer good-mina");

      assertThat(status(
              "GET",
              connection,
              "Cookie",
              "madang=good-jun",
              "Origin",
              RunningGateway.ALLOWED_ORIGIN))
          .isEqualTo(404);
      assertThat(upgraded(connection, "Cookie", "madang=good-jun", "Origin", own()))
          .isEqualTo(404);
    }
  }

  @Nested
  class A_page_of_another_origin {
    private static final String[] TOKEN = {"Authorization", "Bearer good-mina"};

    private String[] from(String origin) {
      return new String[] {TOKEN[0], TOKEN[1], "Origin", origin};
    }

    private void assertShared(Answer answer) {
      assertThat(answer.header("access-control-allow-origin"))
          .contains(RunningGateway.ALLOWED_ORIGIN);
      assertThat(answer.header("access-control-allow-credentials")).contains("true");
      assertThat(answer.header("vary").orElseThrow()).containsIgnoringCase("origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {NEGOTIATE, HUB, HUB + "?id=x", "/testHub/negotiate"})
    void may_ask_with_credentials_when_it_is_listed(String path) {
      Answer allowed = ask(
          "OPTIONS",
          path,
          "Origin",
          RunningGateway.ALLOWED_ORIGIN,
          "Access-Control-Request-Method",
          "POST",
          "Access-Control-Request-Headers",
          "authorization,x-requested-with,x-signalr-user-agent,content-type");

      assertThat(allowed.status()).isEqualTo(204);
      assertShared(allowed);
      for (String header :
          List.of("authorization", "x-requested-with", "x-signalr-user-agent", "content-type")) {
        assertThat(allowed.header("access-control-allow-headers").orElseThrow())
            .containsIgnoringCase(header);
      }
    }

    @Test
    void may_read_every_answer_when_it_is_listed() throws IOException {
      String[] friend = from(RunningGateway.ALLOWED_ORIGIN);
      assertShared(ask("POST", NEGOTIATE, friend));
      assertShared(ask("POST", NEGOTIATE, "Origin", RunningGateway.ALLOWED_ORIGIN));
      String polled = negotiated(friend);
      assertShared(ask("GET", polled, friend));
      assertShared(ask("POST", polled, friend));
      assertShared(ask("DELETE", polled, friend));
      assertShared(ask("GET", HUB + "?id=x", friend));
      String streamed = negotiated(friend);
      try (RawHttp stream = new RawHttp(gateway.port())) {
        stream.send(
            "GET",
            streamed,
            "",
            "Accept",
            "text/event-stream",
            "Origin",
            RunningGateway.ALLOWED_ORIGIN,
            TOKEN[0],
            TOKEN[1]);
        RawHttp.Head head = stream.head();

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers())
            .containsEntry("access-control-allow-origin", RunningGateway.ALLOWED_ORIGIN)
            .containsEntry("access-control-allow-credentials", "true");
      }
    }

    @Test
    void is_turned_away_everywhere_when_it_is_not() {
      String connection = negotiated(TOKEN);
      String[] stranger = from(STRANGER);
      for (String method : List.of("POST", "OPTIONS")) {
        assertTurnedAway(ask(method, NEGOTIATE, stranger));
      }
      for (String method : List.of("GET", "POST", "DELETE", "OPTIONS")) {
        assertTurnedAway(ask(method, connection, stranger));
      }
      assertThat(upgraded(connection, stranger)).isEqualTo(403);
      assertThat(upgraded(HUB + "?access_token=good-mina", "Origin", STRANGER)).isEqualTo(403);
      assertThat(status("GET", connection, TOKEN))
          .as("the connection waits still")
          .isEqualTo(200);
    }

    private void assertTurnedAway(Answer answer) {
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.header("access-control-allow-origin")).isEmpty();
      assertThat(answer.header("access-control-allow-credentials")).isEmpty();
    }
  }

  @Nested
  class When_the_token_ends {
    private static final Duration LIFE = Duration.ofMillis(1_500);
    private static final String GOODBYE =
        "{'type':7,'error':'Connection closed with an error. The reason: token expired.','allowReconnect':true}";

    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void a_socket_is_told_that_it_may_come_back(String format) {
      String token = FakeSignIn.brief("mina", LIFE);
      HubClient client =
          HubClient.open(gateway.port(), HUB, format, "Authorization", "Bearer " + token);
      client.shakeHands(1);
      assertThat(client.next()).contains("Welcome");

      assertThat(client.next()).isEqualTo(GOODBYE);
      assertThat(client.closed()).isEqualTo(1000);
      assertThat(upgraded(HUB + "?access_token=" + token)).isEqualTo(401);
    }

    @Test
    void a_stream_is_told_that_it_may_come_back_and_ends() throws IOException {
      String connection = HubNegotiation.path(gateway.port(), FakeSignIn.brief("mina", LIFE));
      try (RawHttp stream = new RawHttp(gateway.port())) {
        stream.send("GET", connection, "", "Accept", "text/event-stream");
        assertThat(stream.head().status()).isEqualTo(200);
        RawHttp.ask(gateway.port(), "POST", connection, HANDSHAKE);
        StringBuilder all = new StringBuilder();
        for (String event = stream.frame(); !event.isEmpty(); event = stream.frame()) {
          all.append(event.replace('"', '\''));
        }

        assertThat(all).contains("Welcome").contains(GOODBYE);
      }
      assertThat(status("POST", connection)).isEqualTo(401);
    }
  }

  @Nested
  class When_a_client_has_shown_another_token_before_the_first_ends {
    private final String first = FakeSignIn.brief("mina", Duration.ofSeconds(2));
    private final String second = FakeSignIn.brief("mina", Duration.ofMinutes(1));

    private static final String LATER =
        "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Later\",\"arguments\":[]}\u001e";

    private void awaitEndOfTheFirst() {
      await()
          .until(() ->
              status("POST", "/api/tester/whoAmI", "Authorization", "Bearer " + first) == 401);
    }

    /** What is heard first of an answer and a goodbye; the answer comes when the end of the first was long seen everywhere. */
    private static String outcome(Callable<String> next) throws Exception {
      String last = "";
      while (!last.contains("\"type\":3") && !last.contains("\"type\":7")) {
        last = next.call().replace('\'', '"');
      }
      return last;
    }

    @Test
    void its_stream_goes_on() throws Exception {
      assertStreamGoesOn(gateway, () -> {}, () -> {});
    }

    @Test
    void its_stream_goes_on_even_if_it_was_not_let_in_then() throws Exception {
      try (RunningGateway single = new RunningGateway(Map.of("MADANG_HTTP_LOOPS", "1"))) {
        single.service.hold("of-u-mina");
        assertStreamGoesOn(
            single,
            () -> single.service.awaitHeld("of-u-mina"),
            () -> single.service.release("of-u-mina"));
      }
    }

    private void assertStreamGoesOn(RunningGateway at, Runnable before, Runnable then)
        throws Exception {
      String connection = HubNegotiation.path(at.port(), first);
      String renewed = connection.replace(first, second);
      try (RawHttp stream = new RawHttp(at.port())) {
        stream.send("GET", connection, "", "Accept", "text/event-stream");
        assertThat(stream.head().status()).isEqualTo(200);
        RawHttp.ask(at.port(), "POST", connection, HANDSHAKE);
        before.run();
        RawHttp.ask(at.port(), "POST", renewed, "{\"type\":6}\u001e");
        then.run();
        awaitEndOfTheFirst();
        RawHttp.ask(at.port(), "POST", renewed, LATER);

        assertThat(outcome(stream::frame)).contains("\"type\":3,\"invocationId\":\"1\"");
      }
    }

    @Test
    void so_does_the_connection_that_it_comes_back_to() throws Exception {
      String connection = HubNegotiation.lastingPath(gateway.port(), first);
      HubClient.numbered(gateway.port(), connection, "json").cut();
      HubClient back = HubClient.back(gateway.port(), connection.replace(first, second), "json");
      back.say(new HubMessage.Sequence(1));
      awaitEndOfTheFirst();
      String call = back.begin("Later", "[]");

      assertThat(outcome(back::nextSaid)).contains("\"type\":3,\"invocationId\":\"" + call + "\"");
    }
  }

  @Nested
  class When_the_token_of_a_client_that_polls_ends {
    private String connection;

    private String with(String token) {
      return connection + "&access_token=" + token;
    }

    private void enter(String token) {
      connection = negotiated("Authorization", "Bearer " + token);
      assertThat(status("GET", with(token))).isEqualTo(200);
      RawHttp.ask(gateway.port(), "POST", with(token), HANDSHAKE);
      String heard = "";
      while (!heard.contains("Welcome")) {
        heard += ask("GET", with(token)).body();
      }
    }

    private String poll(String token) {
      Answer answer = ask("GET", with(token));
      assertThat(answer.status()).isEqualTo(200);
      return answer.body().replace('"', '\'');
    }

    @Test
    void it_is_asked_for_another_and_goes_on_where_it_was() {
      String first = FakeSignIn.brief("mina", Duration.ofMillis(1_500));
      enter(first);
      assertThat(poll(first)).as("what the poll brings that waited then").isEmpty();
      assertThat(status("GET", with(first))).isEqualTo(401);
      assertThat(status("POST", with(first))).isEqualTo(401);
      HubClient.greeted(gateway.port(), "json", "jun").call("Say", "['lobby','meanwhile']");

      String second = FakeSignIn.brief("mina", Duration.ofMinutes(1));
      assertThat(poll(second))
          .startsWith("{'type':1,'target':'Said','arguments':['lobby','meanwhile']}");
      RawHttp.ask(
          gateway.port(),
          "POST",
          with(second),
          "{\"type\":1,\"invocationId\":\"1\",\"target\":\"WhoAmI\",\"arguments\":[]}\u001e");
      assertThat(poll(second)).contains("u-mina");
    }

    @Test
    void it_hears_no_end_that_showed_another_before() {
      String first = FakeSignIn.brief("mina", Duration.ofMillis(1_500));
      enter(first);
      String second = FakeSignIn.brief("mina", Duration.ofSeconds(4));
      assertThat(status("POST", with(second))).isEqualTo(200);

      assertThat(poll(second))
          .as("what the poll brings that waited until the second ends")
          .isEmpty();
      assertThat(status("GET", with(first))).isEqualTo(401);
      assertThat(status("GET", with(second))).as("at the end of the second").isEqualTo(401);
    }
  }

  @Nested
  class The_log {
    private static final String SECRET = "good-nobody-may-read-this";

    @Test
    void never_tells_a_token_of_the_address() throws IOException {
      LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
      Logger root = logging.getLogger(Logger.ROOT_LOGGER_NAME);
      Level before = root.getLevel();
      Lines lines = new Lines();
      lines.setContext(logging);
      lines.start();
      root.addAppender(lines);
      root.setLevel(Level.DEBUG);
      try {
        useTheTokenEverywhere();
      } finally {
        root.setLevel(before);
        root.detachAppender(lines);
      }
      assertThat(lines.all)
          .as("what was logged")
          .isNotEmpty()
          .noneMatch(line -> line.contains(SECRET));
    }

    private void useTheTokenEverywhere() throws IOException {
      String token = "access_token=" + SECRET;
      HubClient client = HubClient.open(gateway.port(), HUB + "?" + token, "json");
      client.shakeHands(1);
      assertThat(client.next()).contains("Welcome");
      client.sendText("garbage\u001e");
      assertThat(client.closed()).isEqualTo(1000);
      String id =
          new JsonObject(ask("POST", NEGOTIATE + "&" + token).body()).getString("connectionToken");
      String connection = HUB + "?" + token + "&id=" + id;
      assertThat(status("GET", connection)).isEqualTo(200);
      RawHttp.ask(gateway.port(), "POST", connection, HANDSHAKE + "garbage\u001e");
      await().until(() -> status("GET", connection) == 204);
      assertThat(status("PUT", connection)).isEqualTo(405);
      assertThat(status("GET", "/hubs/none?" + token)).isEqualTo(404);
      assertThat(status("GET", HUB + "?id=none&" + token)).isEqualTo(404);
      assertThat(status("POST", HUB + "/negotiate?negotiateVersion=x&" + token)).isEqualTo(200);
      // One that does not count, one that is cut off within, and a request that is none.
      assertThat(upgraded(HUB + "?access_token=x" + SECRET)).isEqualTo(401);
      try (RawSocket cut = new RawSocket(gateway.port())) {
        cut.write(
            "GET " + HUB + "?" + token + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n");
        cut.readHeaders();
        cut.reset();
      }
      try (RawSocket bad = new RawSocket(gateway.port())) {
        bad.write("GET " + HUB + "?" + token + " NONSENSE\r\n\r\n");
        bad.readToTheEnd();
      }
      assertThat(status("GET", HUB + "?" + token + "&x=" + "y".repeat(10_000))).isEqualTo(414);
    }
  }
}
