package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
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
class HttpDoorTest {
  private final HttpClient http = HttpClient.newHttpClient();

  @RegisterExtension
  final RunningGateway gateway = new RunningGateway(Map.of());

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
        .timeout(Duration.ofSeconds(10))
        .header("Authorization", "Bearer good-mina");
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> postJson(String path, String body) {
    return send(request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body.replace('\'', '"'))));
  }

  private static void assertProblem(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonObject problem = new JsonObject(response.body());
    assertThat(problem.getString("code")).isEqualTo(code);
    assertThat(problem.getInteger("status")).isEqualTo(status);
    assertThat(problem.getString("detail")).isNotBlank();
  }

  @Nested
  class A_command {
    @Test
    void takes_a_json_body_by_name() {
      HttpResponse<String> response = postJson("/api/tester/describe", "{'whole':3,'flag':true}");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
      assertThat(response.body()).isEqualTo("{\"whole\":3,\"flag\":true}");
    }

    @Test
    void takes_a_json_body_by_position() {
      assertThat(postJson("/api/tester/describe", "[7]").body()).isEqualTo("{\"whole\":7}");
    }

    @Test
    void takes_scalars_from_the_query_as_the_command_means_them() {
      HttpResponse<String> response =
          send(request("/api/tester/describe?whole=3&flag=true&decimal=0.5")
              .POST(BodyPublishers.noBody()));

      assertThat(response.body()).isEqualTo("{\"whole\":3,\"flag\":true,\"decimal\":0.5}");
    }

    @Test
    void takes_a_form() {
      HttpResponse<String> response = send(request("/api/tester/say?log=form")
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(BodyPublishers.ofString("text=100%25+sure+%ED%95%9C")));

      assertThat(response.body()).isEqualTo("{\"offset\":1}");
    }

    @Test
    void takes_body_and_query_together_unless_they_say_the_same_thing_twice() {
      assertThat(postJson("/api/tester/describe?flag=true", "{'whole':3}").body())
          .isEqualTo("{\"whole\":3,\"flag\":true}");
      assertProblem(postJson("/api/tester/describe?whole=4", "{'whole':3}"), 400, "bad-request");
      assertProblem(postJson("/api/tester/describe?whole=4&whole=5", ""), 400, "bad-request");
    }

    @Test
    void matches_its_name_without_case() {
      assertThat(postJson("/api/tester/WHOAMI", "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void has_the_id_of_the_idempotency_key() {
      HttpResponse<String> response = send(request("/api/tester/whoAmI")
          .header("Idempotency-Key", "key-1")
          .POST(BodyPublishers.noBody()));

      assertThat(new JsonObject(response.body()).getString("id")).isEqualTo("key-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "caf\u00e9"})
    void is_not_begun_if_its_id_is_none_that_can_be_kept(String key) throws IOException {
      assertThat(statusWith("Idempotency-Key: " + key)).startsWith("HTTP/1.1 400");
      assertThat(statusWith("Idempotency-Key: " + "k".repeat(129))).startsWith("HTTP/1.1 400");
      assertThat(statusWith("Idempotency-Key: k1\r\nIdempotency-Key: k2"))
          .startsWith("HTTP/1.1 400");
      assertThat(statusWith("Idempotency-Key: " + "k".repeat(128))).startsWith("HTTP/1.1 200");
    }

    /** Java's own client refuses to send what is wrong here. */
    private String statusWith(String header) throws IOException {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write(String.join(
            "\r\n",
            "POST /api/tester/whoAmI HTTP/1.1",
            "Host: x",
            "Authorization: Bearer good-mina",
            "Content-Length: 0",
            header,
            "",
            ""));
        return raw.readHeaders();
      }
    }

    @Test
    void that_is_refused_is_a_problem_with_the_service_s_own_code() {
      HttpResponse<String> response = postJson("/api/tester/refuse", "{}");

      assertProblem(response, 429, "not-today");
      assertThat(response.headers().firstValue("Retry-After")).contains("2");
      assertThat(new JsonObject(response.body()).getJsonObject("details").getString("day"))
          .isEqualTo("tomorrow");
    }

    @Test
    void that_breaks_tells_nothing_of_the_inside() {
      HttpResponse<String> response = postJson("/api/tester/explode", "{}");

      assertProblem(response, 500, "internal");
      assertThat(response.body()).doesNotContain("inside of the service");
    }
  }

  @Nested
  class Garbage {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "/api/tester/say|{'log':'a'}|400|bad-request",
          "/api/tester/say|{'log':'a','text':5}|400|bad-request",
          "/api/tester/say|{'log':'a','text':'\\ud800'}|400|bad-request",
          "/api/tester/say|{'log':'a','text':'\\u0000'}|400|bad-request",
          "/api/tester/say|{'log':'a','text':'b'|400|bad-request",
          "/api/tester/say|'text'|400|bad-request",
          "/api/tester/say|[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[|400|bad-request",
          "/api/tester/describe|{'whole':1e999}|400|bad-request",
          "/api/tester/nothing|{}|404|unknown-command",
          "/api/tester/internal|{}|404|unknown-command",
          "/api/nobody/say|{}|404|unknown-service",
          "/api/nothing|{}|404|not-found",
          "/api/tester/say/more|{}|404|not-found",
        })
    void is_answered_with_a_problem(String path, String body, int status, String code) {
      assertProblem(postJson(path, body), status, code);
    }

    @Test
    void of_another_type_than_json_is_refused() {
      HttpResponse<String> response = send(request("/api/tester/describe")
          .header("Content-Type", "text/plain")
          .POST(BodyPublishers.ofString("{}")));

      assertProblem(response, 415, "bad-request");
    }

    @ParameterizedTest
    @CsvSource({
      "application/json; charset=utf-8, 200",
      "application/json;charset=\"UTF-8\", 200",
      "application/problem+json, 200",
      "application/json; charset=utf-16, 415",
      "application/x-www-form-urlencoded; charset=iso-8859-1, 415",
      "application/octet-stream, 415",
      "text/json, 415",
      "jsonapplication, 415",
    })
    void of_a_body_in_another_encoding_is_not_guessed_at(String type, int status) {
      HttpResponse<String> response = send(request("/api/tester/describe")
          .header("Content-Type", type)
          .POST(BodyPublishers.ofString("{}")));

      assertThat(response.statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "GET|/api/tester/say|POST, OPTIONS",
          "PUT|/api/tester/say|POST, OPTIONS",
          "POST|/api/topics/log%3Aa/history|GET, HEAD, OPTIONS",
          "DELETE|/api/services|GET, HEAD, OPTIONS",
          "POST|/api/docs/openapi.json|GET, HEAD, OPTIONS",
          "PUT|/api/nothing|GET, HEAD, POST, PATCH, DELETE, OPTIONS",
        })
    void in_the_method_is_told_which_there_are(String method, String path, String allowed) {
      HttpResponse<String> response = send(request(path).method(method, BodyPublishers.noBody()));

      assertProblem(response, 405, "bad-request");
      assertThat(response.headers().firstValue("Allow")).contains(allowed);
    }

    @Test
    void larger_than_the_limit_is_answered_with_413() {
      assertProblem(postJson("/api/tester/say", "x".repeat(65 * 1024)), 413, "too-large");
    }

    @Test
    void in_the_path_is_answered_with_a_4xx() throws IOException {
      for (String path :
          new String[] {"/%", "/api/%zz/x", "//", "/api/tester/%00", "/..%2f..%2fetc/passwd", "*"
          }) {
        try (RawSocket raw = new RawSocket(gateway.port())) {
          raw.write("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
          assertThat(raw.readHeaders()).as(path).startsWith("HTTP/1.1 4");
        }
      }
    }

    @ParameterizedTest
    @CsvSource({
      "GET /api/nothing HTTP/1.1, keep",
      "POST /api/nothing HTTP/1.1|Content-Length: 0, keep",
      "POST /sockjs/nothing HTTP/1.1, keep",
      "POST /api/nothing HTTP/1.1|Content-Length: 7, close",
      "POST /api/nothing HTTP/1.1|Transfer-Encoding: chunked, close",
      "POST /sockjs/nothing HTTP/1.1|Content-Length: 7, close",
    })
    void leaves_the_connection_to_the_next_request_unless_a_body_is_not_read(
        String request, String then) throws IOException {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write(request.replace("|", "\r\n") + "\r\nHost: x\r\n\r\n");
        String answer = raw.readHeaders();

        assertThat(answer).startsWith("HTTP/1.1 404");
        if (then.equals("close")) {
          assertThat(answer.toLowerCase(Locale.ROOT)).contains("connection: close");
        } else {
          raw.skipBody(answer);
          raw.write("GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n");
          assertThat(raw.readHeaders()).startsWith("HTTP/1.1 ");
        }
      }
    }

    @Test
    void in_the_request_line_and_headers_ends_that_connection_alone() throws IOException {
      for (String garbage :
          new String[] {"x\u0001\u0002\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\nx".repeat(3_000)
          }) {
        try (RawSocket raw = new RawSocket(gateway.port())) {
          raw.write(garbage);
          assertThat(raw.readHeaders())
              .satisfiesAnyOf(
                  answer -> assertThat(answer).startsWith("HTTP/1."),
                  answer -> assertThat(answer).isEmpty());
        }
      }
      assertThat(postJson("/api/tester/whoAmI", "{}").statusCode()).isEqualTo(200);
    }
  }

  @Nested
  class Somebody_who {
    @Test
    void is_not_signed_in_is_told_how() {
      HttpResponse<String> response = send(HttpRequest.newBuilder(
              URI.create("http://127.0.0.1:" + gateway.port() + "/api/tester/whoAmI"))
          .POST(BodyPublishers.noBody()));

      assertProblem(response, 401, "unauthenticated");
      assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    }

    @Test
    void shows_a_bad_token_is_refused() {
      HttpResponse<String> response = send(request("/api/tester/whoAmI")
          .setHeader("Authorization", "Bearer bad")
          .POST(BodyPublishers.noBody()));

      assertProblem(response, 401, "bad-token");
    }

    @Test
    void asks_from_a_page_of_another_origin_is_turned_away() {
      HttpResponse<String> response = send(request("/api/tester/whoAmI")
          .header("Origin", "https://evil.example")
          .POST(BodyPublishers.noBody()));

      assertProblem(response, 403, "forbidden");
      assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void asks_from_a_page_of_an_allowed_origin_may_read_the_answer() {
      HttpResponse<String> preflight = send(request("/api/tester/whoAmI")
          .header("Origin", RunningGateway.ALLOWED_ORIGIN)
          .header("Access-Control-Request-Method", "POST")
          .method("OPTIONS", BodyPublishers.noBody()));
      HttpResponse<String> response = send(request("/api/tester/whoAmI")
          .header("Origin", RunningGateway.ALLOWED_ORIGIN)
          .POST(BodyPublishers.noBody()));

      assertThat(preflight.statusCode()).isEqualTo(204);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Access-Control-Allow-Origin"))
          .contains(RunningGateway.ALLOWED_ORIGIN);
      assertThat(response.headers().firstValue("Vary")).contains("Origin");
      assertThat(response.headers().firstValue("Access-Control-Expose-Headers").orElse(""))
          .contains("Retry-After")
          .contains("ETag");
      assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
          .contains("Idempotency-Key")
          .contains("Last-Event-ID");
      assertThat(preflight.headers().firstValue("Access-Control-Max-Age")).contains("86400");
    }

    @Test
    void asks_what_it_may_ask_without_a_page_is_told() {
      HttpResponse<String> response =
          send(request("/api/tester/whoAmI").method("OPTIONS", BodyPublishers.noBody()));

      assertThat(response.statusCode()).isEqualTo(204);
      assertThat(response.headers().firstValue("Allow"))
          .contains("GET, HEAD, POST, PATCH, DELETE, OPTIONS");
    }
  }

  @Nested
  class History {
    private JsonObject page(String query) {
      return new JsonObject(
          send(request("/api/topics/log%3Apast/history" + query)).body());
    }

    @Test
    void is_read_both_ways() {
      for (int i = 1; i <= 5; i++) {
        postJson("/api/tester/say", "{'log':'past','text':'n" + i + "'}");
      }

      assertThat(offsets(page("?limit=2"))).isEqualTo("[4,5]");
      assertThat(offsets(page("?after=1&limit=2"))).isEqualTo("[2,3]");
      assertThat(offsets(page("?before=4&limit=2"))).isEqualTo("[2,3]");
      assertThat(page("?limit=2").getBoolean("more")).isTrue();
      assertThat(page("").getJsonObject("position").getInteger("offset")).isEqualTo(5);
    }

    @Test
    void needs_numbers_that_are_some() {
      assertProblem(send(request("/api/topics/log%3Apast/history?after=x")), 400, "bad-request");
      assertProblem(
          send(request("/api/topics/log%3Apast/history?after=1&before=2")), 400, "bad-request");
      assertProblem(send(request("/api/topics/nobody%3Ax/history")), 404, "unknown-topic");
    }

    private String offsets(JsonObject page) {
      return page.getJsonArray("publications").stream()
          .map(publication -> ((JsonObject) publication).getInteger("offset"))
          .toList()
          .toString()
          .replace(" ", "");
    }
  }

  @Nested
  class What_is_read_again {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "/api/services",
          "/api/docs",
          "/api/docs/openapi.json",
          "/api/docs/asyncapi.json",
          "/api/topics/log%3Atagged/history"
        })
    void is_not_sent_again_while_it_is_the_same(String path) {
      HttpResponse<String> first = send(request(path));
      String tag = first.headers().firstValue("ETag").orElseThrow();
      HttpResponse<String> same = send(request(path).header("If-None-Match", tag));
      HttpResponse<String> weak = send(request(path).header("If-None-Match", "\"x\", W/" + tag));
      HttpResponse<String> other = send(request(path).header("If-None-Match", "\"x\""));

      assertThat(first.statusCode()).isEqualTo(200);
      assertThat(same.statusCode()).isEqualTo(304);
      assertThat(same.body()).isEmpty();
      assertThat(same.headers().firstValue("ETag")).contains(tag);
      assertThat(weak.statusCode()).isEqualTo(304);
      assertThat(other.statusCode()).isEqualTo(200);
      assertThat(other.body()).isEqualTo(first.body());
    }

    @Test
    void has_another_tag_when_it_is_another() {
      String path = "/api/topics/log%3Achanging/history";
      String before = send(request(path)).headers().firstValue("ETag").orElseThrow();
      postJson("/api/tester/say", "{'log':'changing','text':'new'}");

      HttpResponse<String> after = send(request(path).header("If-None-Match", before));
      assertThat(after.statusCode()).isEqualTo(200);
      assertThat(after.headers().firstValue("ETag").orElseThrow()).isNotEqualTo(before);
    }

    @Test
    void tells_by_head_what_get_would_bring() {
      HttpResponse<String> whole = send(request("/api/services"));
      HttpResponse<String> head =
          send(request("/api/services").method("HEAD", BodyPublishers.noBody()));
      HttpResponse<String> refused = send(
          request("/api/topics/log%3Aa/history?after=x").method("HEAD", BodyPublishers.noBody()));

      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(head.headers().firstValue("ETag")).isEqualTo(whole.headers().firstValue("ETag"));
      assertThat(head.headers().firstValueAsLong("Content-Length"))
          .hasValue(whole.body().getBytes(StandardCharsets.UTF_8).length);
      assertThat(refused.statusCode()).isEqualTo(400);
    }
  }

  @Nested
  class The_documents {
    private JsonObject document(String name) {
      return new JsonObject(send(request("/api/docs/" + name)).body());
    }

    @Test
    void name_every_command_that_people_may_give_and_no_other() {
      JsonObject paths = document("openapi.json").getJsonObject("paths");
      JsonObject operations = document("asyncapi.json").getJsonObject("operations");

      assertThat(paths.fieldNames())
          .contains("/api/tester/say", "/api/topics/{topic}/history", "/stream")
          .doesNotContain("/api/tester/internal");
      assertThat(operations.fieldNames())
          .contains("tester.say", "tester.count", "tester.measure", "hear.tester.log")
          .doesNotContain("tester.internal");
    }

    @Test
    void tell_what_a_command_takes_as_the_service_checks_it() {
      JsonObject say = document("openapi.json")
          .getJsonObject("paths")
          .getJsonObject("/api/tester/describe")
          .getJsonObject("post");
      JsonObject body = say.getJsonObject("requestBody")
          .getJsonObject("content")
          .getJsonObject("application/json")
          .getJsonObject("schema")
          .getJsonArray("oneOf")
          .getJsonObject(0);

      assertThat(body.getJsonObject("properties").getJsonObject("whole"))
          .isEqualTo(new JsonObject(
              "{\"type\":\"integer\",\"minimum\":1,\"maximum\":200,\"default\":50}"));
      assertThat(say.getJsonArray("parameters").encode())
          .contains("\"flag\"")
          .doesNotContain("\"options\"");
    }

    @Test
    void are_led_to_by_a_page_for_people() {
      HttpResponse<String> page = send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + "/api/docs")));

      assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
      assertThat(page.body())
          .contains("<!doctype html>", "POST /api/tester/say", "openapi.json", "asyncapi.json")
          .doesNotContain("<script");
    }
  }

  @Nested
  class The_gateway_itself {
    @Test
    void tells_what_people_can_ask_of_the_services() {
      JsonObject services = new JsonObject(send(request("/api/services")).body());
      JsonObject tester = services.getJsonArray("services").getJsonObject(0);

      assertThat(tester.getString("service")).isEqualTo("tester");
      assertThat(tester.getJsonArray("commands").encode())
          .contains("\"say\"")
          .doesNotContain("\"internal\"");
    }

    @Test
    void tells_that_it_lives_and_is_ready() {
      assertThat(send(request("/health/live")).statusCode()).isEqualTo(200);
      assertThat(send(request("/health/ready")).statusCode()).isEqualTo(200);
    }

    @Test
    void says_on_every_answer_what_browsers_must_not_do_with_it() {
      HttpResponse<String> response = send(request("/health/live"));

      assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'none'")
          .contains("frame-ancestors 'none'");
    }

    @Test
    void serves_the_page_and_asks_browsers_to_look_for_a_newer_one_each_time() {
      HttpResponse<String> page = send(request("/"));

      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
      assertThat(page.headers().firstValue("Cache-Control")).contains("no-cache");
      assertThat(page.body()).contains("<!doctype html>");
      assertThat(send(request("/").method("HEAD", BodyPublishers.noBody())).statusCode())
          .isEqualTo(200);
      assertProblem(send(request("/").DELETE()), 405, "bad-request");
    }

    @Test
    void answers_for_what_it_does_not_have_with_a_problem() {
      assertProblem(send(request("/nothing/here")), 404, "not-found");
      assertProblem(send(request("/api/services").DELETE()), 405, "bad-request");
    }

    @Test
    void counts_a_request_for_the_address_it_comes_from_and_believes_no_stranger() {
      HttpResponse<String> response =
          send(request("/api/auth/address").header("X-Forwarded-For", "10.1.2.3"));

      assertThat(response.body()).isEqualTo("127.0.0.1");
    }
  }
}
