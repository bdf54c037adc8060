package io.madang.gateway.identity.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.identity.FakeClock;
import io.madang.gateway.identity.IdentityConfig;
import io.madang.gateway.identity.IdentityConfigs;
import io.madang.gateway.identity.IdentityDatabase;
import io.madang.gateway.identity.issuer.BuiltInIssuer;
import io.madang.gateway.identity.issuer.LoopIssuer;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@DisplayNameGeneration(ReplaceUnderscores.class)
class AuthRoutesTest {
  private static final String MINA = "{\"name\":\"Mina\",\"password\":\"correct horse\"}";
  private static final String FOREIGN = "https://evil.example";
  private static final String LISTED = "https://app.example.org";
  private static final String PUBLIC_HOST = "mesh.example.org";
  private static final String PUBLIC_ORIGIN = "https://mesh.example.org";

  private final Vertx vertx = Vertx.vertx();
  private final FakeClock clock = new FakeClock();
  private final HttpClient client = vertx.createHttpClient();
  private IdentityDatabase database;
  private Pool pool;
  private BuiltInIssuer issuer;
  private int port;

  @BeforeEach
  void start() throws Exception {
    database = IdentityDatabase.empty();
    pool = database.pool(vertx);
    serve(IdentityConfigs.with("MADANG_ALLOWED_ORIGINS", LISTED));
  }

  private void serve(IdentityConfig config) throws Exception {
    issuer = BuiltInIssuer.start(vertx, pool, config, clock).await(20, TimeUnit.SECONDS);
    Door door = new Door(config);
    vertx.deployVerticle(() -> door, new DeploymentOptions()).await(20, TimeUnit.SECONDS);
    port = door.server.actualPort();
  }

  @AfterEach
  void stop() throws Exception {
    issuer.close().await(20, TimeUnit.SECONDS);
    pool.close().await(20, TimeUnit.SECONDS);
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  /** The part of a gateway that these routes need around them. */
  private final class Door extends VerticleBase {
    private final IdentityConfig config;
    private HttpServer server;

    Door(IdentityConfig config) {
      this.config = config;
    }

    @Override
    public Future<?> start() {
      Router router = Router.router(vertx);
      LoopIssuer loop = issuer.forThisLoop(revocations -> {}, Duration.ofMinutes(20));
      new AuthRoutes(
              loop, loop, config, clock, request -> request.remoteAddress().hostAddress())
          .mount(router);
      server = vertx.createHttpServer().requestHandler(router);
      return server.listen(0, "127.0.0.1");
    }
  }

  @Nested
  class Signing_in {
    @ParameterizedTest
    @CsvSource(
        delimiter = ';',
        value = {
          "/api/auth/guest; {\"name\":\"Mina\"}",
          "/api/auth/register; {\"name\":\"Mina\",\"password\":\"correct horse\",\"unknown\":{\"a\":[1]}}"
        })
    void answers_with_tokens_their_end_and_the_user(String path, String body) {
      Answer answer = post(path, body);

      assertThat(answer.status).isEqualTo(200);
      assertThat(answer.header("content-type")).isEqualTo("application/json");
      assertThat(answer.header("cache-control")).isEqualTo("no-store");
      assertThat(answer.json.fieldNames())
          .containsExactlyInAnyOrder("accessToken", "refreshToken", "expiresAt", "user");
      assertThat(answer.user().fieldNames()).containsExactlyInAnyOrder("id", "name", "roles");
      assertThat(answer.user().getString("name")).isEqualTo("Mina");
      assertThat(answer.user().getJsonArray("roles")).isEmpty();
      assertThat(Instant.parse(answer.json.getString("expiresAt")))
          .isEqualTo(Instant.parse("2026-03-01T12:15:00Z"));
    }

    @Test
    void works_for_an_account_from_registration_to_logout() {
      String id = post("/api/auth/register", MINA).user().getString("id");

      Answer login = post("/api/auth/login", MINA);
      assertThat(login.user().getString("id")).isEqualTo(id);
      Answer refreshed = post("/api/auth/refresh", refreshBody(login));
      assertThat(refreshed.status).isEqualTo(200);
      Answer me = get("/api/auth/me", bearer(refreshed));
      assertThat(me.user().getString("id")).isEqualTo(id);
      assertThat(me.json.getBoolean("guest")).isFalse();
      assertThat(post("/api/auth/logout", "", bearer(refreshed)).status).isEqualTo(204);
      post("/api/auth/refresh", refreshBody(refreshed)).assertProblem(401, "bad-token");
    }

    @Test
    void lets_a_guest_become_an_account_of_the_same_name() {
      Answer guest = post("/api/auth/guest", "{\"name\":\"Mina\"}");
      post("/api/auth/register", MINA).assertProblem(409, "name-taken");

      assertThat(post("/api/auth/register", MINA, bearer(guest)).status).isEqualTo(200);
    }

    @Test
    void gives_a_guest_without_wishes_a_name() {
      assertThat(post("/api/auth/guest", "").user().getString("name")).isEqualTo("guest");
      assertThat(post("/api/auth/guest", "{}").user().getString("name")).startsWith("guest-");
    }

    @Test
    void tells_how_long_to_wait_when_it_was_too_often() throws Exception {
      serve(IdentityConfigs.with("MADANG_AUTH_GUESTS_PER_ADDRESS", "1"));
      post("/api/auth/guest", "{}");

      Answer answer = post("/api/auth/guest", "{}");

      answer.assertProblem(429, "rate-limited");
      assertThat(answer.json.getLong("retryAfterMs")).isEqualTo(60_000);
      assertThat(answer.header("retry-after")).isEqualTo("60");
    }

    @Test
    void tells_nothing_of_an_ill_database() throws Exception {
      database.execute("ALTER SCHEMA identity RENAME TO gone");
      Answer answer;
      try {
        answer = post("/api/auth/guest", "{}");
      } finally {
        database.execute("ALTER SCHEMA gone RENAME TO identity");
      }

      answer.assertProblem(503, "unavailable");
      assertThat(answer.json.encode()).doesNotContain("schema", "function");
      assertThat(answer.json.getLong("retryAfterMs")).isPositive();
    }
  }

  @Nested
  class A_ticket {
    @Test
    void is_for_whoever_is_signed_in() {
      Answer guest = post("/api/auth/guest", "{}");

      Answer ticket = post("/api/auth/ticket", "", bearer(guest));

      assertThat(ticket.json.fieldNames()).containsExactly("ticket");
      assertThat(ticket.json.getString("ticket")).hasSize(43);
    }

    @Test
    void is_for_nobody_else() {
      post("/api/auth/ticket", "").assertProblem(401, "unauthenticated");
      post("/api/auth/ticket", "", Map.of("Authorization", "Bearer junk"))
          .assertProblem(401, "bad-token");
    }
  }

  @Nested
  class A_token_that_ended {
    @Test
    void is_told_so_that_the_client_refreshes() {
      Answer guest = post("/api/auth/guest", "{}");
      clock.advance(Duration.ofMinutes(15));

      Answer answer = get("/api/auth/me", bearer(guest));

      answer.assertProblem(401, "token-expired");
      assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
    }
  }

  @Nested
  class A_body {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "x",
          "[]",
          "null",
          "\"Mina\"",
          "{",
          "{\"name\":\"Mina\"}",
          "{\"password\":\"correct horse\"}",
          "{\"name\":1,\"password\":\"correct horse\"}",
          "{\"name\":null,\"password\":\"correct horse\"}",
          "{\"name\":{\"a\":1},\"password\":\"correct horse\"}",
          "{\"name\":\"Mina\",\"password\":[\"correct horse\"]}",
          "{\"name\":\"Mina\",\"name\":\"Jun\",\"password\":\"correct horse\"}",
          "{\"name\":\"Mina\",\"password\":\"correct horse\"} {}",
          "{\"name\":\"Mina\",\"password\":\"correct horse\",}",
          "{'name':'Mina','password':'correct horse'}"
        })
    void that_is_not_what_was_asked_for_is_refused(String body) {
      post("/api/auth/register", body).assertProblem(400, "bad-request");
    }

    @ParameterizedTest
    @CsvSource({
      "a\\u0000b, correct horse, bad-name",
      "a\\ud800b, correct horse, bad-name",
      "u_1234, correct horse, bad-name",
      "Mina, short, bad-password",
      "Mina, correct\\ud800horse, bad-password"
    })
    void with_an_impossible_name_or_password_is_refused(String name, String password, String code)
        throws Exception {
      post("/api/auth/register", "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}")
          .assertProblem(400, code);

      assertThat(database.rows("SELECT 1 FROM identity.account")).isEmpty();
    }

    @Test
    void that_is_not_utf_8_is_refused() {
      Buffer body = Buffer.buffer("{\"name\":\"")
          .appendByte((byte) 0xC3)
          .appendString("(\",\"password\":\"correct horse\"}");

      send(HttpMethod.POST, "/api/auth/register", body, jsonType())
          .assertProblem(400, "bad-request");
    }

    @Test
    void in_another_encoding_is_refused() {
      send(HttpMethod.POST, "/api/auth/register", Buffer.buffer(MINA, "UTF-16BE"), jsonType())
          .assertProblem(400, "bad-request");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "text/plain",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "application/jsonx"
        })
    void of_a_type_that_a_form_can_send_is_refused(String type) {
      send(HttpMethod.POST, "/api/auth/register", Buffer.buffer(MINA), Map.of("Content-Type", type))
          .assertProblem(415, "not-json");
    }

    @Test
    void above_8_KB_is_refused() {
      String body =
          "{\"name\":\"Mina\",\"password\":\"" + "x".repeat(AuthRoutes.MAX_BODY_BYTES) + "\"}";

      post("/api/auth/register", body).assertProblem(413, "too-large");
    }

    @Test
    void nested_a_thousand_times_is_refused() {
      String body = "{\"unknown\":" + "[".repeat(2000) + "]".repeat(2000)
          + ",\"name\":\"Mina\",\"password\":\"correct horse\"}";

      post("/api/auth/register", body).assertProblem(400, "bad-request");
    }
  }

  @Nested
  class The_cookies {
    @Test
    void are_bound_to_host_and_https_where_the_world_can_come() {
      Answer in =
          post("/api/auth/guest", "{}", Map.of("Host", PUBLIC_HOST, "Origin", PUBLIC_ORIGIN));

      assertThat(in.setCookies())
          .anySatisfy(cookie -> assertThat(cookie)
              .startsWith("__Host-madang=")
              .contains("; Path=/;", "; Secure", "; HTTPOnly", "; SameSite=Strict", "Max-Age=899")
              .doesNotContain("Domain"))
          .anySatisfy(cookie -> assertThat(cookie)
              .startsWith("__Secure-madang-refresh=")
              .contains(
                  "; Path=/api/auth;",
                  "; Secure",
                  "; HTTPOnly",
                  "; SameSite=Strict",
                  "Max-Age=86400")
              .doesNotContain("Domain"))
          .hasSize(2);
    }

    @Test
    void have_plain_names_on_loopback_without_TLS() {
      Answer in = post("/api/auth/guest", "{}", Map.of("Host", "localhost:8080"));

      assertThat(in.setCookies())
          .anyMatch(cookie -> cookie.startsWith("madang="))
          .anyMatch(cookie -> cookie.startsWith("madang-refresh="))
          .allSatisfy(cookie ->
              assertThat(cookie).doesNotContain("Secure").contains("HTTPOnly", "SameSite=Strict"));
    }

    @ParameterizedTest(name = "{0} {1} from {2} at {3}: {4}")
    @CsvSource(
        nullValues = "-",
        value = {
          "GET,  /api/auth/me,     -,                         mesh.example.org, 200",
          "GET,  /api/auth/me,     https://mesh.example.org,  mesh.example.org, 200",
          "GET,  /api/auth/me,     https://app.example.org,   mesh.example.org, 200",
          "GET,  /api/auth/me,     https://evil.example,      mesh.example.org, 403",
          "GET,  /api/auth/me,     null,                      mesh.example.org, 403",
          "POST, /api/auth/ticket, -,                         mesh.example.org, 403",
          "POST, /api/auth/ticket, https://mesh.example.org,  mesh.example.org, 200",
          "POST, /api/auth/ticket, https://app.example.org,   mesh.example.org, 200",
          "POST, /api/auth/ticket, https://evil.example,      mesh.example.org, 403",
          "POST, /api/auth/ticket, null,                      mesh.example.org, 403",
          "POST, /api/auth/ticket, https://sub.mesh.example.org, mesh.example.org, 403"
        })
    void count_with_an_allowed_origin_only(
        String method, String path, String origin, String host, int status) {
      Answer in =
          post("/api/auth/guest", "{}", Map.of("Host", PUBLIC_HOST, "Origin", PUBLIC_ORIGIN));
      Map<String, String> headers =
          new LinkedHashMap<>(Map.of("Host", host, "Cookie", in.cookies()));
      if (origin != null) {
        headers.put("Origin", origin);
      }

      Answer answer = send(HttpMethod.valueOf(method), path, Buffer.buffer(), headers);

      assertThat(answer.status).isEqualTo(status);
      if (status == 403) {
        answer.assertProblem(403, "origin-refused");
      }
    }

    @Test
    void with_plain_names_count_on_loopback_only() {
      Answer in = post("/api/auth/guest", "{}", Map.of("Host", "localhost:8080"));

      get("/api/auth/me", Map.of("Host", PUBLIC_HOST, "Cookie", in.cookies()))
          .assertProblem(401, "unauthenticated");
      assertThat(
              get("/api/auth/me", Map.of("Host", "127.0.0.1:8080", "Cookie", in.cookies())).status)
          .isEqualTo(200);
    }

    @Test
    void are_not_looked_at_beside_an_authorization_header() {
      Answer in = post("/api/auth/guest", "{}", Map.of("Host", PUBLIC_HOST));

      get(
              "/api/auth/me",
              Map.of("Host", PUBLIC_HOST, "Cookie", in.cookies(), "Authorization", "Bearer junk"))
          .assertProblem(401, "bad-token");
    }

    @Test
    void keep_a_page_signed_in_that_stores_nothing() {
      Answer in = post("/api/auth/guest", "{\"name\":\"Mina\"}", page());
      clock.advance(Duration.ofHours(1));

      Answer again = post("/api/auth/refresh", "", page("Cookie", in.cookies()));

      assertThat(again.user()).isEqualTo(in.user());
      assertThat(get("/api/auth/me", page("Cookie", again.cookies())).status).isEqualTo(200);
      post("/api/auth/refresh", "", Map.of("Host", PUBLIC_HOST, "Cookie", again.cookies()))
          .assertProblem(403, "origin-refused");
    }

    @Test
    void go_with_the_logout() {
      Answer in = post("/api/auth/guest", "{}", page());

      Answer out = post("/api/auth/logout", "", page("Cookie", in.cookies()));

      assertThat(out.status).isEqualTo(204);
      assertThat(out.setCookies())
          .hasSize(2)
          .allSatisfy(cookie -> assertThat(cookie).contains("=;", "Max-Age=0"));
      post("/api/auth/refresh", refreshBody(in)).assertProblem(401, "bad-token");
    }

    private Map<String, String> page(String... more) {
      Map<String, String> headers =
          new LinkedHashMap<>(Map.of("Host", PUBLIC_HOST, "Origin", PUBLIC_ORIGIN));
      for (int i = 0; i < more.length; i += 2) {
        headers.put(more[i], more[i + 1]);
      }
      return headers;
    }
  }

  @Test
  void a_foreign_page_cannot_sign_its_visitor_in() {
    post("/api/auth/guest", "{}", Map.of("Origin", FOREIGN)).assertProblem(403, "origin-refused");
  }

  @Test
  void a_logout_of_nobody_is_done_at_once() {
    assertThat(post("/api/auth/logout", "").status).isEqualTo(204);
    assertThat(post("/api/auth/logout", "", Map.of("Authorization", "Bearer junk")).status)
        .isEqualTo(204);
  }

  private record Answer(int status, Map<String, List<String>> headers, JsonObject json) {
    String header(String name) {
      List<String> values = headers.getOrDefault(name, List.of());
      return values.isEmpty() ? null : values.get(0);
    }

    List<String> setCookies() {
      return headers.getOrDefault("set-cookie", List.of());
    }

    /** As a browser sends them back. */
    String cookies() {
      return String.join(
          "; ",
          setCookies().stream()
              .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
              .toList());
    }

    JsonObject user() {
      return json.getJsonObject("user");
    }

    void assertProblem(int expectedStatus, String code) {
      assertThat(status).as(String.valueOf(json)).isEqualTo(expectedStatus);
      assertThat(header("content-type")).isEqualTo("application/problem+json");
      assertThat(json.getInteger("status")).isEqualTo(expectedStatus);
      assertThat(json.getString("code")).isEqualTo(code);
      assertThat(json.getString("title")).isNotBlank();
      assertThat(json.getString("detail")).isNotBlank();
      assertThat(json.getLong("retryAfterMs")).isNotNegative();
      assertThat(json.getString("retry"))
          .isEqualTo(json.getLong("retryAfterMs") == 0 ? "never" : "later");
      assertThat(setCookies()).isEmpty();
    }
  }

  private Answer post(String path, String body) {
    return post(path, body, Map.of());
  }

  private Answer post(String path, String body, Map<String, String> headers) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    if (!body.isEmpty()) {
      all.putAll(jsonType());
    }
    return send(HttpMethod.POST, path, Buffer.buffer(body), all);
  }

  private Answer get(String path, Map<String, String> headers) {
    return send(HttpMethod.GET, path, Buffer.buffer(), headers);
  }

  private static Map<String, String> jsonType() {
    return Map.of("Content-Type", "application/json; charset=utf-8");
  }

  private static Map<String, String> bearer(Answer in) {
    return Map.of("Authorization", "Bearer " + in.json.getString("accessToken"));
  }

  private static String refreshBody(Answer in) {
    return new JsonObject()
        .put("refreshToken", in.json.getString("refreshToken"))
        .encode();
  }

  private Answer send(HttpMethod method, String path, Buffer body, Map<String, String> headers) {
    RequestOptions options = new RequestOptions()
        .setMethod(method)
        .setHost("127.0.0.1")
        .setPort(port)
        .setURI(path)
        .setTimeout(20_000);
    headers.forEach(options::putHeader);
    try {
      return client
          .request(options)
          // Nested, so that the body is asked for on the loop, before it can have passed.
          .compose(request -> request
              .send(body)
              .compose(response -> response.body().map(got -> answer(response, got))))
          .await(20, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer in time", e);
    }
  }

  private static Answer answer(HttpClientResponse response, Buffer body) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    response
        .headers()
        .names()
        .forEach(name ->
            headers.put(name.toLowerCase(Locale.ROOT), response.headers().getAll(name)));
    return new Answer(
        response.statusCode(), headers, body.length() == 0 ? null : body.toJsonObject());
  }
}
