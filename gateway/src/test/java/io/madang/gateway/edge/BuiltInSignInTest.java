package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.BuiltInSignIn;
import io.madang.gateway.SignInConfig;
import io.madang.gateway.identity.OriginPolicy;
import io.madang.runtime.config.Settings;
import io.madang.runtime.postgres.PostgresUrl;
import io.madang.testkit.TestStores;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Accounts of our own, over the doors, on a real database. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BuiltInSignInTest {
  private static final String WHO_AM_I =
      "{'type':'command','ref':2,'service':'tester','name':'whoAmI'}";

  private RunningGateway gateway;
  private HttpResponse<String> guest;
  private String cookie;

  @BeforeAll
  void signIn() {
    SignInConfig config = SignInConfig.from(new Settings(Map.of("MADANG_AUTH_GUESTS", "true")));
    assertThat(config.identity().origins()).isEqualTo(OriginPolicy.of(List.of()));
    gateway = new RunningGateway(
        Map.of(),
        new BuiltInSignIn(
            config, PostgresUrl.parse(TestStores.createDatabase().url()), Duration.ofSeconds(30)));
    guest = post("/api/auth/guest", "{\"name\":\"mina\"}");
    cookie = guest.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
  }

  @AfterAll
  void stop() {
    gateway.close();
  }

  private HttpResponse<String> post(String path, String body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + gateway.port() + path))
        .timeout(Duration.ofSeconds(20))
        .header("Content-Type", "application/json")
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

  private String token() {
    return new JsonObject(guest.body()).getString("accessToken");
  }

  private String userId() {
    return new JsonObject(guest.body()).getJsonObject("user").getString("id");
  }

  private String own() {
    return "http://127.0.0.1:" + gateway.port();
  }

  private static String userOf(JsonObject reply) {
    return reply.getJsonObject("result").getString("user");
  }

  @Test
  void a_token_opens_a_connection() {
    JsonObject connected = TestSocket.open(gateway.port(), "/ws")
        .ask("{'type':'connect','ref':1,'token':'" + token() + "'}");

    assertThat(connected.getString("type")).isEqualTo("connected");
    assertThat(connected.getJsonObject("user").getString("id")).isEqualTo(userId());
    assertThat(connected.getString("expiresAt")).isNotBlank();
  }

  @Test
  void a_cookie_counts_for_our_own_page_and_needs_no_frame() {
    TestSocket socket = TestSocket.open(gateway.port(), "/ws", "Cookie", cookie, "Origin", own());

    assertThat(userOf(socket.ask(WHO_AM_I))).isEqualTo(userId());
  }

  @Test
  void a_cookie_without_an_origin_counts_for_nothing() {
    TestSocket socket = TestSocket.open(gateway.port(), "/ws", "Cookie", cookie);

    assertThat(socket.ask(WHO_AM_I).getString("code")).isEqualTo("unauthenticated");
  }

  @Test
  void a_cookie_counts_for_a_command_from_our_own_page_only() {
    assertThat(
            post("/api/tester/whoAmI", "{}", "Cookie", cookie, "Origin", own()).statusCode())
        .isEqualTo(200);
    assertThat(post("/api/tester/whoAmI", "{}", "Cookie", cookie, "Origin", "https://evil.example")
            .statusCode())
        .isEqualTo(403);
    assertThat(post("/api/tester/whoAmI", "{}", "Cookie", cookie).statusCode()).isEqualTo(403);
  }

  @Test
  void a_ticket_opens_one_connection() {
    String ticket = new JsonObject(
            post("/api/auth/ticket", "", "Authorization", "Bearer " + token()).body())
        .getString("ticket");

    assertThat(userOf(TestSocket.open(gateway.port(), "/ws?ticket=" + ticket).ask(WHO_AM_I)))
        .isEqualTo(userId());
    assertThat(TestSocket.open(gateway.port(), "/ws?ticket=" + ticket)
            .ask(WHO_AM_I)
            .getString("code"))
        .isEqualTo("bad-ticket");
  }

  @Test
  void a_ticket_opens_one_event_stream_which_its_browser_may_open_again_by_a_cookie() {
    String ticket = new JsonObject(
            post("/api/auth/ticket", "", "Authorization", "Bearer " + token()).body())
        .getString("ticket");
    String query = "topic=log:tickets&ticket=" + ticket;
    String left;
    try (TestStream first = TestStream.open(gateway.port(), query)) {
      first.next("subscribed");
      left = first.response.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
    }

    try (TestStream again = TestStream.open(gateway.port(), query, "Cookie", left)) {
      again.next("subscribed");
    }
    assertThat(TestStream.answer(gateway.port(), query).statusCode()).isEqualTo(401);
    assertThat(TestStream.answer(gateway.port(), "topic=log:tickets", "Cookie", left)
            .statusCode())
        .isEqualTo(401);
    assertThat(TestStream.answer(
                gateway.port(), query, "Cookie", left, "Origin", "https://evil.example")
            .statusCode())
        .isEqualTo(403);
  }

  @Test
  void a_body_that_is_too_large_is_refused_in_the_words_of_sign_in() {
    HttpResponse<String> response = post("/api/auth/guest", "x".repeat(9_000));

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(new JsonObject(response.body()).getString("code")).isEqualTo("too-large");
  }
}
