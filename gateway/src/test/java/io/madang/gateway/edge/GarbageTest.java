package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

/** What a gateway says to garbage: a typed error on a connection that lives on, or the close that RFC 6455 wants. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GarbageTest {
  @RegisterExtension
  final RunningGateway gateway = new RunningGateway(Map.of());

  private final TestSocket socket = TestSocket.signedIn(gateway.port(), "mina");

  private void assertRefused(String frame, String code, int ref) {
    int before = gateway.service.commands.get();
    socket.sendRaw(frame);
    JsonObject error = socket.next();

    assertThat(error.getString("type")).as(error.encode()).isEqualTo("error");
    assertThat(error.getString("code")).as(error.encode()).isEqualTo(code);
    assertThat(error.getInteger("ref", 0)).as(error.encode()).isEqualTo(ref);
    assertThat(error.getString("retry")).isEqualTo("never");
    assertThat(gateway.service.commands).as("commands that reached the service").hasValue(before);
    assertThat(socket.ask("{'type':'ping','ref':99}").getString("type")).isEqualTo("pong");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "not json at all|bad-request|0",
        "{}|bad-request|0",
        "[]|bad-request|0",
        "42|bad-request|0",
        "{'type':'command','ref':4}|bad-request|4",
        "{'type':'command','ref':-4,'service':'tester','name':'say'}|bad-request|0",
        "{'type':'command','ref':4,'service':5,'name':'say'}|bad-request|4",
        "{'type':'command','ref':4,'service':'tester','name':'say','args':7}|bad-request|4",
        "{'type':'command','ref':4,'service':'tester','name':'say','args':{'log':'a','text':'b'}|bad-request|4",
        "{'type':'shout','ref':4}|bad-request|4",
        "{'type':'subscribe','ref':4,'topic':'UPPER'}|bad-request|4",
        "{'type':'subscribe','ref':4,'topic':'log:a','since':{'epoch':'e','offset':1e3}}|bad-request|4",
        "{'type':'subscribe','ref':4,'topic':'log:secret'}|forbidden|4",
        "{'type':'subscribe','ref':4,'topic':'nobody:owns'}|unknown-topic|4",
        "{'type':'command','ref':4,'service':'nobody','name':'say'}|unknown-service|4",
        "{'type':'command','ref':4,'service':'tester','name':'nothing'}|unknown-command|4",
        "{'type':'command','ref':4,'service':'tester','name':'internal'}|unknown-command|4",
        "{'type':'stream','ref':4,'service':'nobody','name':'count'}|unknown-service|4",
        "{'type':'stream','ref':4,'service':'tester','name':'nothing'}|unknown-command|4",
        "{'type':'stream','ref':4,'service':'tester','name':'count','args':{'to':'many'}}|bad-request|4",
        "{'type':'upload','ref':4,'service':'tester','name':'say'}|unknown-command|4",
        "{'type':'cancel','ref':4}|unknown-ref|4",
        "{'type':'connect','ref':4,'token':'good-jun'}|conflict|4",
        "{'type':'refresh','ref':4,'token':'good-jun'}|forbidden|4",
        "{'type':'refresh','ref':4,'token':'bad'}|bad-token|4",
      })
  void a_frame_that_makes_no_sense_is_refused(String frame, String code, int ref) {
    assertRefused(frame.replace('\'', '"'), code, ref);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'log':'a'}",
        "{'log':'a','text':null}",
        "{'log':'a','text':5}",
        "{'log':'a','text':['b']}",
        "{'log':'a','text':''}",
        "{'log':'a','text':'b','more':1}",
        "{'log':'a','text':'half \\ud83d'}",
        "{'log':'a','text':'nul \\u0000'}",
        "{'log':'a','text':'b','text':'c'}",
        "['a']",
        "['a','b','c']",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        "{'log':'a','text':1e999999}",
        "{'log':'a','text':123456789012345678901234567890123456789012345678901234567890123456789}",
      })
  void arguments_that_do_not_fit_are_refused_before_the_service_sees_them(String args) {
    assertRefused(command("say", args.replace('\'', '"')), "bad-request", 4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'whole':0}",
        "{'whole':201}",
        "{'whole':1.5}",
        "{'whole':'1'}",
        "{'whole':99999999999999999999}",
        "{'flag':1}",
        "{'flag':'true'}",
        "{'decimal':1.1}",
        "{'decimal':-1e300}",
        "{'names':'a'}",
        "{'names':['a','b','c','d']}",
        "{'names':[1]}",
        "{'options':[]}",
        "{'options':{'deep':'half \\udc00'}}",
      })
  void every_type_of_argument_is_checked(String args) {
    assertRefused(command("describe", args.replace('\'', '"')), "bad-request", 4);
  }

  @Test
  void text_longer_than_the_command_takes_is_refused_although_the_message_fits() {
    assertRefused(
        command("say", "{\"log\":\"a\",\"text\":\"" + "x".repeat(31_000) + "\"}"),
        "bad-request",
        4);
  }

  @Test
  void text_as_long_as_the_command_takes_is_taken_whatever_its_bytes() {
    socket.sendRaw(command("say", "{\"log\":\"long\",\"text\":\"" + "한".repeat(10_000) + "\"}"));

    assertThat(socket.next().getString("type")).isEqualTo("reply");
  }

  private static String command(String name, String args) {
    return "{\"type\":\"command\",\"ref\":4,\"service\":\"tester\",\"name\":\"" + name
        + "\",\"args\":" + args + "}";
  }

  @Nested
  class What_breaks_the_rules_of_websockets {
    @Test
    void is_closed_with_1009_if_a_message_is_too_big() {
      TestSocket other = TestSocket.signedIn(gateway.port(), "jun");
      other.sendBinary(new byte[32_769]);

      assertThat(other.next().getInteger("code")).isEqualTo(1009);
      assertThat(other.closed().code()).isEqualTo(1009);
    }

    @Test
    void is_closed_with_1009_if_fragments_together_are_too_big() throws IOException {
      try (RawSocket raw = RawSocket.upgraded(gateway.port(), "/ws")) {
        byte[] part = new byte[16_000];
        Arrays.fill(part, (byte) ' ');
        raw.frame(RawSocket.TEXT, false, part);
        raw.frame(RawSocket.CONTINUATION, false, part);
        raw.frame(RawSocket.CONTINUATION, false, part);

        assertThat(raw.closeCode()).isEqualTo(1009);
      }
    }

    @Test
    void is_closed_with_1009_if_one_fragment_says_that_it_is_huge() throws IOException {
      try (RawSocket raw = RawSocket.upgraded(gateway.port(), "/ws")) {
        raw.write(
            "\u0081\u00ff\u0000\u0000\u0000\u0000\u0010\u0000\u0000\u0000\u0000\u0000\u0000\u0000xx");

        assertThat(raw.closeCode()).isEqualTo(1009);
      }
    }

    @Test
    void is_closed_with_1007_if_text_is_not_utf_8() throws IOException {
      try (RawSocket raw = RawSocket.upgraded(gateway.port(), "/ws")) {
        raw.frame(RawSocket.TEXT, true, new byte[] {'"', (byte) 0xC0, (byte) 0xAF, '"'});

        assertThat(raw.closeCode()).isEqualTo(1007);
      }
    }

    @Test
    void is_closed_with_1007_if_a_character_is_cut_at_the_end_but_not_between_fragments()
        throws IOException {
      byte[] korean = "\"한\"".getBytes(StandardCharsets.UTF_8);
      try (RawSocket raw = RawSocket.upgraded(gateway.port(), "/ws")) {
        raw.frame(RawSocket.TEXT, false, Arrays.copyOfRange(korean, 0, 2));
        raw.frame(RawSocket.CONTINUATION, true, Arrays.copyOfRange(korean, 2, korean.length));
        raw.frame(RawSocket.TEXT, true, Arrays.copyOfRange(korean, 0, 2));

        assertThat(raw.closeCode()).isEqualTo(1007);
      }
    }

    @Test
    void is_closed_with_1002_if_a_continuation_continues_nothing() throws IOException {
      try (RawSocket raw = RawSocket.upgraded(gateway.port(), "/ws")) {
        raw.frame(RawSocket.CONTINUATION, true, new byte[] {'x'});

        assertThat(raw.closeCode()).isEqualTo(1002);
      }
    }

    @Test
    void does_not_touch_other_connections() {
      assertThat(socket.ask("{'type':'ping','ref':1}").getString("type")).isEqualTo("pong");
    }
  }
}
