package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.edge.RawHttp.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no hub message, over each transport: answered, or the end of the connection with a reason. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HubGarbageTest {
  private static final String END = "\u001e";
  private static final String HANDSHAKE = "{\"protocol\":\"json\",\"version\":1}" + END;
  private static final String GOODBYE =
      "{'type':7,'error':'Connection closed with an error.','allowReconnect':true}";
  private static final String HUB = "/hubs/test?access_token=good-mina";

  @RegisterExtension
  final RunningGateway gateway = new RunningGateway(Map.of());

  /** Breaks the protocol. */
  static Stream<String> badJson() {
    return Stream.of(
            "",
            "{",
            "nonsense",
            "[]",
            "7",
            "null",
            "{}",
            "{'type':null}",
            "{'type':'1'}",
            "{'type':1.5}",
            "{'type':99999999999999999999}",
            "{'type':1,'type':6}",
            "{'type':6}{'type':6}",
            "{'type':1,'arguments':[]}",
            "{'type':1,'target':7,'arguments':[]}",
            "{'type':1,'target':'Later'}",
            "{'type':1,'target':'Later','arguments':{}}",
            "{'type':1,'invocationId':7,'target':'Later','arguments':[]}",
            "{'type':1,'target':'Measure','arguments':[],'streamIds':'s'}",
            "{'type':1,'target':'Measure','arguments':[],'streamIds':[7]}",
            "{'type':1,'target':'Later','arguments':" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
            "{'type':2,'item':1}",
            "{'type':2,'invocationId':'s'}",
            "{'type':3}",
            "{'type':3,'invocationId':'1','result':1,'error':'no'}",
            "{'type':3,'invocationId':'1','error':7}",
            "{'type':4,'target':'Count','arguments':[1]}",
            "{'type':5}",
            "{'type':5,'invocationId':null}",
            "{'type':7,'error':7}",
            "{'type':7,'allowReconnect':'yes'}",
            "{'type':8}",
            "{'type':9,'sequenceId':'1'}",
            "{'type':1,'target':'\\ud800")
        .map(each -> each.replace('\'', '"'));
  }

  /** Says something that leads to nothing, of which nobody is told. */
  static Stream<String> idleJson() {
    return Stream.of(
            "{'type':0}",
            "{'type':-1}",
            "{'type':10,'of':'tomorrow'}",
            "{'type':77}",
            "{'type':2,'invocationId':'none','item':{}}",
            "{'type':3,'invocationId':'none'}",
            "{'type':3,'invocationId':'ask-1','result':1}",
            "{'type':3,'invocationId':'','error':'no'}",
            "{'type':5,'invocationId':'none'}",
            "{'type':5,'invocationId':''}",
            "{'type':8,'sequenceId':9223372036854775807}",
            "{'type':9,'sequenceId':-1}",
            "{'type':1,'target':'','arguments':[]}",
            "{'type':1,'target':'Nobody','arguments':[],'streamIds':[" + "'x',".repeat(5_000)
                + "'x']}")
        .map(each -> each.replace('\'', '"'));
  }

  /** Breaks the protocol, in hexadecimal. */
  static Stream<String> badPacked() {
    Stream<String> lengths = Stream.of(
        // Of too much, in too many bytes, above 31 bits, of nothing.
        "ffffffff07", "ffffffffff00", "808080808000", "ffffffff7f", "00");
    Stream<String> messages = Stream.of(
        // Values: none that there is, none behind, no array, an empty one, no type, something
        // behind.
        "c1",
        "91",
        "06",
        "90",
        "91a1",
        "a131",
        "91c0",
        // Lists, maps, texts and bytes of which more is said to come than there is.
        "ddffffffff",
        "dd7fffffff",
        "dcffff",
        "95010180a131",
        "950180a131a158dc",
        "950180a131a158dcffff01",
        "950180a131a15891db7fffffff",
        "950180a131a15891c67fffffff",
        "950180a131a15881",
        "9501dfffffffff01",
        // Wrong kinds: id, target, arguments, streams, kind of a completion, sequence.
        "95018007a15890",
        "95018091a131a15890",
        "950180a1310790",
        "950180a131a158a178",
        "960180a131a1589007",
        "960180a131a158909107",
        "940380a13109",
        "9208a131",
        "9209c0",
        // Text that is none.
        "950180a131a1ff90",
        // Deep.
        "950180a131a158" + "91".repeat(5_000));
    return Stream.concat(lengths, messages.map(HubGarbageTest::withLength));
  }

  private static String withLength(String message) {
    int length = message.length() / 2;
    HexFormat hex = HexFormat.of();
    return length < 128
        ? hex.toHexDigits((byte) length) + message
        : hex.toHexDigits((byte) (length | 128)) + hex.toHexDigits((byte) (length >> 7)) + message;
  }

  private HubClient client(String format) {
    return HubClient.greeted(gateway.port(), format, "mina");
  }

  @Nested
  class Over_a_web_socket {
    @ParameterizedTest
    @MethodSource("io.madang.gateway.edge.HubGarbageTest#badJson")
    void a_text_that_is_no_message_ends_the_connection_which_says_so(String text) {
      HubClient client = client("json");
      client.sendRaw(text + END);

      assertThat(client.next()).isEqualTo(GOODBYE);
      assertThat(client.closed()).isEqualTo(1000);
    }

    @ParameterizedTest
    @MethodSource("io.madang.gateway.edge.HubGarbageTest#badPacked")
    void bytes_that_are_no_message_end_the_connection_which_says_so(String bytes) {
      HubClient client = client("messagepack");
      client.sendBytes(HexFormat.of().parseHex(bytes));

      assertThat(client.next()).isEqualTo(GOODBYE);
      assertThat(client.closed()).isEqualTo(1000);
    }

    @ParameterizedTest
    @MethodSource("io.madang.gateway.edge.HubGarbageTest#idleJson")
    void a_message_about_nothing_leads_to_nothing(String text) {
      HubClient client = client("json");
      client.sendRaw(text + END);

      assertThat(client.call("Later", "[]"))
          .isEqualTo("{'type':3,'invocationId':'#','result':null}");
    }

    @Test
    void an_id_may_be_used_again_and_each_call_is_answered() {
      HubClient client = client("json");
      String call =
          "{\"type\":1,\"invocationId\":\"7\",\"target\":\"Later\",\"arguments\":[]}" + END;
      client.sendRaw(call.repeat(3));

      for (int i = 0; i < 3; i++) {
        assertThat(client.shown("7")).isEqualTo("{'type':3,'invocationId':'#','result':null}");
      }
    }

    @Test
    void half_a_message_waits_for_the_other_half() {
      HubClient client = client("json");
      client.sendRaw("{\"type\":1,\"invocationId\":\"7\",\"tar");
      client.sendRaw("get\":\"Later\",\"arguments\":[]}" + END);

      assertThat(client.shown("7")).isEqualTo("{'type':3,'invocationId':'#','result':null}");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "{",
          "{}",
          "[]",
          "{'protocol':'json'}",
          "{'version':1}",
          "{'protocol':7,'version':1}",
          "{'protocol':'json','version':'1'}",
          "{'protocol':'json','version':0}",
          "{'protocol':'json','version':99999999999999999999}",
          "{'protocol':'','version':1}"
        })
    void a_handshake_that_is_none_is_answered_with_an_error(String handshake) {
      HubClient client = HubClient.open(gateway.port(), HUB, "json");
      client.sendText(handshake + END);

      assertThat(client.nextRaw()).startsWith("text {\"error\":\"");
      assertThat(client.closed()).isEqualTo(1000);
    }
  }

  private Answer ask(String method, String path, String body, String... headers) {
    return RawHttp.ask(gateway.port(), method, path, body, headers);
  }

  private String negotiated() {
    return HubNegotiation.path(gateway.port(), "good-mina");
  }

  @Nested
  class Over_requests {
    @ParameterizedTest
    @MethodSource("io.madang.gateway.edge.HubGarbageTest#badJson")
    void a_post_of_no_message_ends_the_connection_and_the_poll_brings_why(String text) {
      String connection = negotiated();
      assertThat(ask("GET", connection, "").body()).isEmpty();
      assertThat(ask("POST", connection, HANDSHAKE + text + END).status()).isEqualTo(200);
      StringBuilder heard = new StringBuilder();
      for (Answer poll = ask("GET", connection, "");
          poll.status() == 200;
          poll = ask("GET", connection, "")) {
        heard.append(poll.body());
      }

      assertThat(heard.toString().replace('"', '\'')).endsWith(GOODBYE + END);
      assertThat(ask("POST", connection, "").status()).isEqualTo(404);
    }

    @Test
    void a_stream_brings_why_it_ends() throws IOException {
      String connection = negotiated();
      try (RawHttp stream = new RawHttp(gateway.port())) {
        stream.send("GET", connection, "", "Accept", "text/event-stream");
        assertThat(stream.head().status()).isEqualTo(200);
        assertThat(ask("POST", connection, HANDSHAKE + "nonsense" + END).status())
            .isEqualTo(200);
        List<String> events = new ArrayList<>();
        for (String event = stream.frame(); !event.isEmpty(); event = stream.frame()) {
          events.add(event.replace('"', '\''));
        }

        assertThat(events.get(events.size() - 1)).contains(GOODBYE);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1.5", "", "99999999999999999999", "0x1", "1%00"})
    void a_version_that_is_none_is_told_so(String version) {
      Answer answer = ask(
          "POST",
          "/hubs/test/negotiate?access_token=good-mina&negotiateVersion=" + version,
          "garbage");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(new JsonObject(answer.body()).getString("error")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "DELETE"})
    void a_connection_that_there_cannot_be_is_unknown(String method) {
      for (String id : List.of("x", "%00", "a.b.c", "x".repeat(3_000), "%EF%BF%BD", "-1")) {
        assertThat(ask(method, HUB + "&id=" + id, "").status()).as(id).isEqualTo(404);
      }
    }

    @ParameterizedTest
    @CsvSource(
        value = {
          "POST,/hubs/test/negotiate?negotiateVersion=%zz",
          "POST,/hubs/test/negotiate?%",
          "GET,/hubs/test?id=%zz",
          "POST,/hubs/test?id=%f",
          "DELETE,/hubs/test?id=%zz",
          "GET,/ws?ticket=%zz",
          "GET,/sockjs/000/abc/jsonp?c=%zz",
          "GET,/sockjs/info?%zz",
          "GET,/stream?topic=%zz",
          "POST,/api/tester/whoAmI?%zz",
          "GET,/health/ready?%zz"
        })
    void an_address_that_cannot_be_read_is_told_so(String method, String path) {
      assertThat(ask(method, path, "").status()).isEqualTo(400);
    }

    @Test
    void nor_is_it_by_who_asks_for_a_socket() {
      for (String path : List.of("/hubs/test?id=%zz", "/hubs/test?%zz", "/ws?ticket=%zz")) {
        Answer answer = ask(
            "GET",
            path,
            "",
            "Connection",
            "Upgrade",
            "Upgrade",
            "websocket",
            "Sec-WebSocket-Version",
            "13",
            "Sec-WebSocket-Key",
            "dGhlIHNhbXBsZSBub25jZQ==");
        assertThat(answer.status()).as(path).isEqualTo(400);
      }
    }

    @Test
    void half_a_post_says_nothing() throws IOException {
      String connection = negotiated();
      assertThat(ask("GET", connection, "").body()).isEmpty();
      try (RawHttp half = new RawHttp(gateway.port())) {
        half.write("POST " + connection
            + " HTTP/1.1\r\nHost: a\r\nContent-Length: 60\r\n\r\nnonsense\u001e");
      }
      assertThat(ask("POST", connection, HANDSHAKE).status()).isEqualTo(200);

      await().until(() -> ask("GET", connection, "").body().contains("Welcome"));
    }
  }
}
