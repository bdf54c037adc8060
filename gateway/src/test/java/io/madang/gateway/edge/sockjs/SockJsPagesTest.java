package io.madang.gateway.edge.sockjs;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.edge.RawHttp;
import io.madang.gateway.edge.RawHttp.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the public test suite of SockJS 0.3.3 asks of pages and addresses, and what broke other servers. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SockJsPagesTest {
  private static final String NO_STORE =
      "no-store, no-cache, no-transform, must-revalidate, max-age=0";

  private EchoServices services;

  /** What is asked. */
  EchoServices begin() throws IOException {
    return new EchoServices(1);
  }

  @BeforeAll
  void start() throws IOException {
    services = begin();
  }

  @AfterAll
  void stop() {
    services.close();
  }

  private Answer get(String path, String... headers) {
    return RawHttp.ask(services.port(), "GET", path, "", headers);
  }

  private Answer options(String path, String... headers) {
    return RawHttp.ask(services.port(), "OPTIONS", path, "", headers);
  }

  private Answer post(String path, String body, String... headers) {
    return RawHttp.ask(services.port(), "POST", path, body, headers);
  }

  @Nested
  class The_base {
    @ParameterizedTest
    @ValueSource(strings = {"/echo", "/echo/"})
    void greets(String path) {
      Answer answer = get(path);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("content-type")).hasValue("text/plain; charset=UTF-8");
      assertThat(answer.body()).isEqualTo("Welcome to SockJS!\n");
      assertThat(answer.header("set-cookie")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/echo//",
          "/echo///",
          "/echo/a",
          "/echo/a.html",
          "/echo/a/a",
          "/echo/a/a/",
          "/echo//a/a",
          "/echo/a/a/a",
          "/echo/a//xhr",
          "/echo/n/",
          "/echo/n"
        })
    void has_nothing_elsewhere(String path) {
      Answer answer = get(path);

      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body().lines()).noneMatch(line -> line.matches("[ohacm].*"));
    }

    @Test
    void takes_no_post() {
      assertThat(post("/echo", "x").status()).isEqualTo(405);
      assertThat(post("/echo/", "").status()).isEqualTo(405);
    }

    @Test
    void is_no_prefix_of_another_word() {
      assertThat(get("/echoes").status()).isEqualTo(404);
    }
  }

  @Nested
  class Info {
    @Test
    void is_json_that_nobody_keeps() {
      Answer answer = get("/echo/info", "Origin", "http://a.example");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("content-type")).hasValue("application/json; charset=UTF-8");
      assertThat(answer.header("cache-control")).hasValue(NO_STORE);
      assertThat(answer.header("expires")).isEmpty();
      assertThat(answer.header("last-modified")).isEmpty();
      assertThat(answer.header("set-cookie")).isEmpty();
      assertThat(answer.header("access-control-allow-origin")).hasValue("http://a.example");
      assertThat(answer.header("access-control-allow-credentials")).hasValue("true");
      assertThat(answer.header("vary")).hasValue("Origin");
    }

    @Test
    void says_what_there_is() {
      JsonObject info = new JsonObject(get("/echo/info").body());

      assertThat(info.getBoolean("websocket")).isTrue();
      assertThat(info.getBoolean("cookie_needed")).isFalse();
      assertThat(info.getJsonArray("origins")).isEqualTo(new JsonArray().add("*:*"));
      assertThat(info.getLong("entropy")).isBetween(0L, (1L << 32) - 1);
    }

    @Test
    void differs_each_time_in_entropy() {
      long one = new JsonObject(get("/echo/info").body()).getLong("entropy");
      long other = new JsonObject(get("/echo/info").body()).getLong("entropy");

      assertThat(one).isNotEqualTo(other);
    }

    @Test
    void may_be_asked_about_for_a_year() {
      Answer answer = options("/echo/info", "Origin", "http://a.example");

      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.header("cache-control").orElse("")).contains("public", "max-age=31536000");
      assertThat(answer.header("expires")).isPresent();
      assertThat(Integer.parseInt(answer.header("access-control-max-age").orElse("0")))
          .isGreaterThan(1_000_000);
      assertThat(answer.header("access-control-allow-methods")).hasValue("OPTIONS, GET");
      assertThat(answer.header("access-control-allow-origin")).hasValue("http://a.example");
    }

    @Test
    void lets_a_page_without_an_origin_of_its_own_read_it() {
      assertThat(options("/echo/info", "Origin", "null").header("access-control-allow-origin"))
          .hasValue("null");
    }

    @Test
    void says_when_there_are_no_websockets() {
      assertThat(
              new JsonObject(get("/disabled_websocket_echo/info").body()).getBoolean("websocket"))
          .isFalse();
    }

    @Test
    void asked_by_no_page_is_for_everybody_without_credentials() {
      Answer answer = get("/echo/info");

      assertThat(answer.header("access-control-allow-origin")).hasValue("*");
      assertThat(answer.header("access-control-allow-credentials")).isEmpty();
    }

    @Test
    void is_not_for_pages_that_are_not_allowed() {
      Answer answer = get("/strict/info", "Origin", "https://evil.example");

      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.header("access-control-allow-origin")).isEmpty();
      assertThat(get("/strict/info", "Origin", "https://friend.example")
              .header("access-control-allow-origin"))
          .hasValue("https://friend.example");
    }

    @Test
    void names_the_node_with_an_absolute_address_that_keeps_the_query() {
      JsonObject info = new JsonObject(get("/strict/info?ticket=t%201&a=b").body());

      assertThat(info.getString("base_url"))
          .isEqualTo("http://localhost:8080/strict/n/a.1?ticket=t%201&a=b");
      assertThat(new JsonObject(get("/strict/info").body()).getString("base_url"))
          .isEqualTo("http://localhost:8080/strict/n/a.1");
    }

    @Test
    void names_no_node_where_a_proxy_may_hide_the_address() {
      assertThat(
              new JsonObject(get("/strict/info", "X-Forwarded-For", "1.2.3.4").body()).fieldNames())
          .doesNotContain("base_url");
    }

    @Test
    void takes_only_get_and_options() {
      Answer answer = post("/echo/info", "");

      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("allow")).hasValue("OPTIONS, GET");
    }
  }

  @Nested
  class The_iframe_page {
    private static final Pattern SCRIPT = Pattern.compile("<script src=\"([^\"]+)\"></script>");

    @Test
    void is_kept_for_a_year() {
      Answer answer = get("/echo/iframe.html");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("content-type")).hasValue("text/html; charset=UTF-8");
      assertThat(answer.header("cache-control").orElse("")).contains("public", "max-age=31536000");
      assertThat(answer.header("expires")).isPresent();
      assertThat(answer.header("etag").orElse("")).matches("\"[0-9a-f]+\"");
      assertThat(answer.header("last-modified")).isEmpty();
      assertThat(answer.header("set-cookie")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/echo/iframe-a.html",
          "/echo/iframe-.html",
          "/echo/iframe-0.1.2.html",
          "/echo/iframe-0.1.2abc-dirty.2144.html",
          "/echo/iframe-a.html?t=qweqweq",
          "/echo/iframe-0.1.2.html?t=qweqweq123",
          "/echo/n/gateway.x1/iframe.html"
        })
    void is_the_same_under_every_version(String path) {
      assertThat(get(path).body()).isEqualTo(get("/echo/iframe.html").body());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/echo/iframe.htm",
          "/echo/iframe",
          "/echo/IFRAME.HTML",
          "/echo/IFRAME",
          "/echo/iframe.HTML",
          "/echo/iframe.xml",
          "/echo/iframe-/.html"
        })
    void is_not_under_other_names(String path) {
      assertThat(get(path).status()).isEqualTo(404);
    }

    @Test
    void is_not_sent_again_to_whoever_has_it() {
      String tag = get("/echo/iframe.html").header("etag").orElseThrow();

      for (String condition : new String[] {tag, "W/" + tag, "\"x\", " + tag, "*"}) {
        Answer answer = get("/echo/iframe.html", "If-None-Match", condition);
        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.header("content-type")).isEmpty();
        assertThat(answer.body()).isEmpty();
      }
      assertThat(get("/echo/iframe.html", "If-None-Match", "\"x\"").status()).isEqualTo(200);
    }

    @Test
    void loads_the_client_from_here_in_the_version_of_its_name() {
      Matcher script = SCRIPT.matcher(get("/echo/iframe.html").body());
      assertThat(script.find()).isTrue();
      Answer client = get("/echo/" + script.group(1));

      assertThat(client.status()).isEqualTo(200);
      assertThat(client.header("content-type").orElse("")).startsWith("application/javascript");
      assertThat(client.body()).contains("sockjs-client v1.6.1");
      assertThat(script.group(1)).contains("1.6.1");
      assertThat(get("/echo/n/gateway.x1/" + script.group(1)).body()).isEqualTo(client.body());
    }

    @Test
    void may_be_framed_by_allowed_pages_only() {
      Answer answer = get("/strict/iframe.html");

      assertThat(answer.header("content-security-policy").orElse(""))
          .contains("frame-ancestors 'self' https://friend.example")
          .doesNotContain("frame-ancestors 'none'");
      assertThat(answer.header("x-frame-options")).isEmpty();
    }
  }

  @Nested
  class The_address_of_a_session {
    @ParameterizedTest
    @ValueSource(
        strings = {"/a/a", "/_/_", "/1/1", "/abcdefgh_i-j%20/abcdefgh_i-j%20", "/n/abc", "/n.x/y1"})
    void may_be_any_text_without_a_dot_or_slash(String path) {
      if (path.contains(".")) {
        assertThat(post("/echo" + path + "/xhr", "").status()).isEqualTo(404);
      } else {
        Answer answer = post("/echo" + path + "/xhr", "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("o\n");
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"//", "/a./a", "/a/a.", "/./.", "/", "///", "/a%2e/a", "/a/a%2Fb", "/a/%2e%2e"})
    void has_both_its_parts(String path) {
      assertThat(get("/echo" + path + "/xhr").status()).isEqualTo(404);
      assertThat(post("/echo" + path + "/xhr", "").status()).isEqualTo(404);
    }

    @Test
    void is_bounded() {
      int before = services.sessions();

      assertThat(post("/echo/000/" + "x".repeat(129) + "/xhr", "").status()).isEqualTo(404);
      assertThat(post("/echo/000/" + "x".repeat(128) + "/xhr", "").status()).isEqualTo(200);
      assertThat(services.sessions()).isEqualTo(before + 1);
    }

    @Test
    void names_the_session_by_its_second_part_alone() {
      post("/echo/000/server-part/xhr", "");

      assertThat(post("/echo/000/server-part/xhr_send", "[\"a\"]").status()).isEqualTo(204);
      assertThat(post("/echo/999/server-part/xhr", "").body()).isEqualTo("a[\"a\"]\n");
    }

    @Test
    void names_another_session_below_another_base() {
      post("/echo/000/two-bases/xhr", "");

      assertThat(
              post("/disabled_websocket_echo/000/two-bases/xhr_send", "[\"a\"]").status())
          .isEqualTo(404);
      assertThat(post("/disabled_websocket_echo/000/two-bases/xhr", "").body()).isEqualTo("o\n");
    }
  }

  @Nested
  class The_cookie {
    @Test
    void is_announced_and_not_set_by_info() {
      Answer answer = get("/cookie_needed_echo/info");

      assertThat(new JsonObject(answer.body()).getBoolean("cookie_needed")).isTrue();
      assertThat(answer.header("set-cookie")).isEmpty();
    }

    @Test
    void is_set_by_what_belongs_to_a_session() throws IOException {
      String session = "/cookie_needed_echo/000/cookie1";
      for (String path : new String[] {"/xhr", "/xhr_send"}) {
        assertThat(post(session + path, "[]").header("set-cookie"))
            .hasValue("JSESSIONID=dummy; path=/");
      }
      assertThat(get(session + "j/jsonp?c=x").header("set-cookie")).isPresent();
      for (String path : new String[] {"/xhr_streaming", "/eventsource", "/htmlfile?c=x"}) {
        try (RawHttp http = new RawHttp(services.port())) {
          String id = "/cookie_needed_echo/000/c" + path.substring(1, 4);
          http.send(path.startsWith("/xhr") ? "POST" : "GET", id + path, "");
          assertThat(http.head().header("set-cookie")).hasValue("JSESSIONID=dummy; path=/");
        }
      }
    }

    @Test
    void that_a_client_has_is_left_as_it_is() {
      assertThat(post("/cookie_needed_echo/000/cookie2/xhr", "", "Cookie", "JSESSIONID=abcdef")
              .header("set-cookie"))
          .hasValue("JSESSIONID=abcdef; path=/");
    }

    @Test
    void is_set_by_nobody_who_does_not_need_it() {
      assertThat(post("/echo/000/cookie3/xhr", "").header("set-cookie")).isEmpty();
    }
  }

  @Nested
  class Old_http {
    @Test
    void may_keep_its_connection_for_what_has_a_length() throws IOException {
      try (RawHttp http = new RawHttp(services.port())) {
        for (int i = 0; i < 2; i++) {
          http.write("GET /echo HTTP/1.0\r\nConnection: Keep-Alive\r\nHost: x\r\n\r\n");
          assertThat(http.answer().body()).isEqualTo("Welcome to SockJS!\n");
        }
      }
    }

    @Test
    void has_its_streams_ended_by_the_end_of_the_connection() throws IOException {
      try (RawHttp http = new RawHttp(services.port())) {
        http.write("POST /close/000/old/xhr_streaming HTTP/1.0\r\nHost: x\r\n\r\n");
        RawHttp.Head head = http.head();

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("transfer-encoding")).isEmpty();
        assertThat(head.header("content-length")).isEmpty();
        assertThat(http.rest()).isEqualTo("h".repeat(2_048) + "\no\nc[3000,\"Go away!\"]\n");
      }
    }

    @Test
    void may_post_without_saying_how_much() throws IOException {
      try (RawHttp http = new RawHttp(services.port())) {
        http.write("POST /echo/000/lengthless/xhr HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(http.answer().body()).isEqualTo("o\n");
      }
    }
  }

  @Nested
  class New_http {
    @Test
    void keeps_its_connection_also_behind_polls_and_streams() throws IOException {
      try (RawHttp http = new RawHttp(services.port())) {
        http.send("POST", "/echo/000/kept/xhr", "");
        assertThat(http.answer().body()).isEqualTo("o\n");
        http.send("POST", "/close/000/kept/xhr_streaming", "");
        assertThat(http.answer().body()).endsWith("c[3000,\"Go away!\"]\n");
        http.send("GET", "/echo", "");
        assertThat(http.answer().body()).isEqualTo("Welcome to SockJS!\n");
      }
    }

    @Test
    void may_name_an_upgrade_of_the_connection_that_is_none() {
      assertThat(post("/echo/000/upgrading/xhr", "", "Connection", "upgrade").body())
          .isEqualTo("o\n");
    }
  }
}
