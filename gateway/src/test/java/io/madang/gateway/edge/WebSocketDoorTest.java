package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebSocketDoorTest {
  @RegisterExtension
  final RunningGateway gateway = new RunningGateway(Map.of());

  private TestSocket open(String... headers) {
    return TestSocket.open(gateway.port(), "/ws", headers);
  }

  @Nested
  class Signing_in {
    private final String whoAmI = "{'type':'command','ref':2,'service':'tester','name':'whoAmI'}";

    @Test
    void by_the_first_frame_tells_who_and_what_may_be_used() {
      JsonObject connected = open().ask("{'type':'connect','ref':1,'token':'good-mina'}");

      assertThat(connected.getJsonObject("user").encode())
          .isEqualTo("{\"id\":\"u-mina\",\"name\":\"mina\",\"roles\":[]}");
      assertThat(connected.getJsonObject("limits").getInteger("maxMessageBytes"))
          .isEqualTo(32_768);
      assertThat(connected.getInteger("heartbeatMs")).isEqualTo(15_000);
    }

    @Test
    void by_header_needs_no_frame() {
      JsonObject reply = open("Authorization", "Bearer good-jun").ask(whoAmI);

      assertThat(reply.getJsonObject("result").getString("user")).isEqualTo("u-jun");
    }

    @Test
    void by_subprotocol_chooses_the_protocol_and_hides_the_token() {
      TestSocket socket = open("Sec-WebSocket-Protocol", "madang.v1, bearer.good-jun");

      assertThat(socket.subprotocol()).isEqualTo("madang.v1");
      assertThat(socket.ask(whoAmI).getJsonObject("result").getString("user")).isEqualTo("u-jun");
    }

    @Test
    void by_ticket_in_the_address_works_once_it_is_one() {
      TestSocket socket = TestSocket.open(gateway.port(), "/ws?ticket=good-jun");

      assertThat(socket.ask(whoAmI).getJsonObject("result").getString("user")).isEqualTo("u-jun");
    }

    @Test
    void with_a_bad_token_closes_for_good() {
      TestSocket socket = open();

      assertThat(socket.ask("{'type':'connect','ref':1,'token':'bad'}").getString("code"))
          .isEqualTo("bad-token");
      assertThat(socket.next().getInteger("code")).isEqualTo(4500);
      assertThat(socket.closed().code()).isEqualTo(4500);
    }

    @Test
    void is_needed_for_commands() {
      assertThat(open().ask(whoAmI).getString("code")).isEqualTo("unauthenticated");
    }
  }

  @Nested
  class A_page_of_another_origin {
    @Test
    void is_turned_away() {
      assertThat(upgrade("Origin: https://evil.example\r\n")).startsWith("HTTP/1.1 403");
    }

    @Test
    void is_let_in_if_its_origin_is_allowed() {
      assertThat(upgrade("Origin: " + RunningGateway.ALLOWED_ORIGIN + "\r\n"))
          .startsWith("HTTP/1.1 101");
    }

    @Test
    void is_let_in_if_it_is_our_own() {
      assertThat(upgrade("Origin: http://x\r\n")).startsWith("HTTP/1.1 101");
    }

    private String upgrade(String header) {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write(RawSocket.handshake("/ws", "13") + header + "\r\n");
        return raw.readHeaders();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Nested
  class A_connection {
    private final TestSocket mina = TestSocket.signedIn(gateway.port(), "mina");

    @Test
    void gives_commands_and_gets_results() {
      JsonObject reply = mina.ask(
          "{'type':'command','ref':2,'service':'tester','name':'DESCRIBE','args':{'whole':3,'names':['a']}}");

      assertThat(reply.getString("type")).isEqualTo("reply");
      assertThat(reply.getJsonObject("result").encode())
          .isEqualTo("{\"whole\":3,\"names\":[\"a\"]}");
    }

    @Test
    void may_send_frames_as_binary_messages() {
      mina.sendBinary("{\"type\":\"ping\",\"ref\":5}".getBytes(StandardCharsets.UTF_8));

      assertThat(mina.next().getInteger("ref")).isEqualTo(5);
    }

    @Test
    void may_send_a_frame_in_fragments_even_within_a_character() {
      mina.sendPart("{\"type\":\"ping\",", false);
      mina.sendPart("\"ref\":", false);
      mina.sendPart("6}", true);

      assertThat(mina.next().getInteger("ref")).isEqualTo(6);
    }

    @Test
    void keeps_the_id_of_a_command() {
      JsonObject reply =
          mina.ask("{'type':'command','ref':2,'service':'tester','name':'whoAmI','id':'0b9f-1'}");

      assertThat(reply.getJsonObject("result").getString("id")).isEqualTo("0b9f-1");
    }

    @Test
    void hears_the_service_s_own_refusals() {
      JsonObject error = mina.ask("{'type':'command','ref':2,'service':'tester','name':'refuse'}");

      assertThat(error.encode())
          .isEqualTo(
              "{\"type\":\"error\",\"ref\":2,\"code\":\"not-today\",\"message\":\"Come back tomorrow.\","
                  + "\"retry\":\"later\",\"retryAfterMs\":1500,\"details\":{\"day\":\"tomorrow\"}}");
    }

    @Test
    void hears_nothing_of_a_service_s_inside() {
      JsonObject error = mina.ask("{'type':'command','ref':2,'service':'tester','name':'explode'}");

      assertThat(error.getString("code")).isEqualTo("internal");
      assertThat(error.encode()).doesNotContain("inside of the service");
    }

    @Test
    void gets_large_results_whole() {
      JsonObject reply = mina.ask("{'type':'command','ref':2,'service':'tester','name':'large'}");

      assertThat(reply.getString("result")).hasSize(100_000);
    }

    @Test
    void hears_what_others_say_in_order_from_the_position_it_was_told() {
      String log = "'log:ordered'";
      JsonObject subscribed = mina.ask("{'type':'subscribe','ref':2,'topic':" + log + "}");
      long last = subscribed.getJsonObject("position").getLong("offset");
      TestSocket jun = TestSocket.signedIn(gateway.port(), "jun");
      for (int i = 1; i <= 50; i++) {
        jun.send(
            "{'type':'command','ref':%d,'service':'tester','name':'say','id':'c%d','args':['ordered','n%d']}"
                .formatted(i, i, i));
      }

      for (int i = 1; i <= 50; i++) {
        JsonObject publication = mina.next();
        assertThat(publication.getString("type")).isEqualTo("publication");
        assertThat(publication.getLong("prev")).isEqualTo(last);
        assertThat(publication.getString("command")).isEqualTo("c" + i);
        assertThat(publication.getJsonObject("data").getString("text")).isEqualTo("n" + i);
        last = publication.getLong("offset");
      }
    }

    @Test
    void gets_what_it_missed_when_it_resumes() {
      JsonObject empty = mina.ask("{'type':'subscribe','ref':2,'topic':'log:missed'}");
      String epoch = empty.getJsonObject("position").getString("epoch");
      mina.close(1000, "");
      TestSocket jun = TestSocket.signedIn(gateway.port(), "jun");
      jun.ask(
          "{'type':'command','ref':1,'service':'tester','name':'say','args':['missed','while you were out']}");

      TestSocket again = TestSocket.signedIn(gateway.port(), "mina");
      JsonObject resumed = again.ask(
          "{'type':'resume','ref':2,'topics':[{'topic':'log:missed','epoch':'%s','offset':0},"
                  .formatted(epoch)
              + "{'topic':'log:secret','epoch':'e','offset':1}]}");

      JsonArray topics = resumed.getJsonArray("topics");
      JsonObject missed = topics.getJsonObject(0);
      assertThat(missed.getBoolean("recovered")).isTrue();
      assertThat(missed
              .getJsonArray("publications")
              .getJsonObject(0)
              .getJsonObject("data")
              .getString("text"))
          .isEqualTo("while you were out");
      assertThat(topics.getJsonObject(1).getJsonObject("error").getString("code"))
          .isEqualTo("forbidden");
    }

    @Test
    void hears_nothing_after_it_unsubscribed() {
      mina.ask("{'type':'subscribe','ref':2,'topic':'log:left'}");
      mina.ask("{'type':'unsubscribe','ref':3,'topic':'log:left'}");
      JsonObject reply = mina.ask(
          "{'type':'command','ref':4,'service':'tester','name':'say','args':['left','hello?']}");

      assertThat(reply.getString("type")).isEqualTo("reply");
      assertThat(mina.ask("{'type':'ping','ref':5}").getString("type")).isEqualTo("pong");
    }

    @Test
    void reads_a_stream_as_far_as_it_gives_credit() {
      mina.send("{'type':'stream','ref':2,'service':'tester','name':'count','args':{'to':100}}");
      for (int i = 1; i <= 64; i++) {
        assertThat(mina.next().getInteger("item")).isEqualTo(i);
      }
      assertThat(mina.ask("{'type':'ping','ref':3}").getString("type")).isEqualTo("pong");

      mina.send("{'type':'more','ref':2,'items':36}");
      for (int i = 65; i <= 100; i++) {
        assertThat(mina.next().getInteger("item")).isEqualTo(i);
      }
      assertThat(mina.next().encode()).isEqualTo("{\"type\":\"complete\",\"ref\":2}");
    }

    @Test
    void uploads_as_far_as_it_has_credit_and_hears_how_far_it_is() {
      String more = mina.ask("{'type':'upload','ref':2,'service':'tester','name':'measure'}")
          .encode();
      assertThat(more).isEqualTo("{\"type\":\"more\",\"ref\":2,\"items\":2}");
      for (int item = 1; item <= 3; item++) {
        // Three bytes, as base64.
        mina.send("{'type':'uploadItem','ref':2,'item':'7ZWc'}");
        assertThat(mina.next().getInteger("item")).isEqualTo(3 * item);
        assertThat(mina.next().getInteger("items")).isEqualTo(1);
      }
      mina.send("{'type':'uploadEnd','ref':2}");

      assertThat(mina.next().encode())
          .isEqualTo("{\"type\":\"reply\",\"ref\":2,\"result\":{\"bytes\":9}}");
    }

    @Test
    void uploads_nothing_that_is_too_large_or_unknown() {
      assertThat(mina.ask("{'type':'upload','ref':2,'service':'tester','name':'nothing'}")
              .getString("code"))
          .isEqualTo("unknown-command");
      mina.ask("{'type':'upload','ref':3,'service':'tester','name':'measure'}");
      mina.send("{'type':'uploadItem','ref':3,'item':'" + "A".repeat(1_000) + "'}");
      assertThat(mina.next().getString("code")).isEqualTo("too-large");
    }

    @Test
    void gives_up_its_uploads_by_leaving() {
      int before = gateway.service.cancelledUploads.get();
      mina.ask("{'type':'upload','ref':2,'service':'tester','name':'measure'}");
      mina.close(1000, "");

      await().until(() -> gateway.service.cancelledUploads.get() == before + 1);
    }
  }

  @Nested
  class The_echo {
    @Test
    void answers_what_is_said_and_says_that_it_is_closing() {
      TestSocket echo = TestSocket.open(gateway.port(), "/ws/echo");
      echo.sendRaw("안녕");

      assertThat(echo.nextText()).isEqualTo("Echo: 안녕");

      echo.close(1000, "bye");
      assertThat(echo.closed()).isEqualTo(new TestSocket.Closed(1000, "Closing"));
    }

    @Test
    void and_the_door_answer_a_plain_request_with_400() throws IOException {
      for (String path : new String[] {"/ws", "/ws/echo"}) {
        try (RawSocket raw = new RawSocket(gateway.port())) {
          raw.write("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
          assertThat(raw.readHeaders())
              .startsWith("HTTP/1.1 400")
              .contains("application/problem+json");
        }
      }
    }
  }

  @Nested
  class A_handshake {
    @Test
    void of_a_version_that_we_do_not_speak_is_refused_and_does_not_hurt_the_next_one()
        throws IOException {
      try (RawSocket raw = new RawSocket(gateway.port())) {
        raw.write(RawSocket.handshake("/ws", "99") + "\r\n");
        assertThat(raw.readHeaders()).startsWith("HTTP/1.1 4");
      }

      assertThat(TestSocket.signedIn(gateway.port(), "mina")).isNotNull();
    }
  }
}
