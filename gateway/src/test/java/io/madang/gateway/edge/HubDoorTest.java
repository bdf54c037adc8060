package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.edge.signalr.wire.HubMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HubDoorTest {
  @RegisterExtension
  final RunningGateway gateway = new RunningGateway(Map.of());

  private HubClient client(String format, String name) {
    return HubClient.greeted(gateway.port(), format, name);
  }

  private HubClient json(String name) {
    return client("json", name);
  }

  private static String invocation(String target, String arguments) {
    return "{'type':1,'target':'" + target + "','arguments':" + arguments + "}";
  }

  private static String result(String json) {
    return "{'type':3,'invocationId':'#','result':" + json + "}";
  }

  private static String error(String text) {
    return "{'type':3,'invocationId':'#','error':'" + text + "'}";
  }

  @Nested
  class Coming_in {
    private HubClient open(String path, String... headers) {
      return HubClient.open(gateway.port(), path, "json", headers);
    }

    private int refused(String path, String... headers) {
      return HubClient.status(gateway.port(), path, headers);
    }

    @Test
    void is_by_header_or_by_a_token_in_the_address() {
      assertThat(HubClient.greeted(gateway.port(), "json", "mina").call("WhoAmI", "[]"))
          .isEqualTo(result("{'user':'u-mina','name':'mina'}"));
      HubClient byQuery = open("/hubs/test?access_token=good-jun");
      byQuery.shakeHands(1);
      assertThat(byQuery.next()).isEqualTo(invocation("Welcome", "['u-jun']"));
    }

    @Test
    void is_refused_without_a_good_token() {
      assertThat(refused("/hubs/test")).isEqualTo(401);
      assertThat(refused("/hubs/test?access_token=bad")).isEqualTo(401);
      assertThat(refused("/hubs/test", "Authorization", "Bearer bad")).isEqualTo(401);
    }

    @Test
    void is_at_every_path_of_the_hub_without_case_and_with_a_slash_behind() {
      for (String path : List.of("/testHub", "/testhub/", "/HUBS/Test", "/hubs/test/")) {
        open(path + "?access_token=good-mina").shakeHands(1);
      }
      assertThat(refused("/hubs/other?access_token=good-mina")).isEqualTo(404);
    }

    @Test
    void without_a_name_makes_a_guest_where_guests_are_let_in() {
      try (RunningGateway open = new RunningGateway(Map.of(), new FakeSignIn(true))) {
        HubClient client = HubClient.open(open.port(), "/hubs/test", "json");
        client.shakeHands(1);
        assertThat(client.next()).isEqualTo(invocation("Welcome", "['u-guest']"));
      }
    }
  }

  @Nested
  class A_handshake {
    private HubClient open() {
      return HubClient.open(
          gateway.port(), "/hubs/test", "json", "Authorization", "Bearer good-mina");
    }

    private String answer(String handshake) {
      HubClient client = open();
      client.sendText(handshake);
      String answer = client.nextRaw();
      assertThat(client.closed()).isEqualTo(1000);
      return answer;
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void may_be_of_version_1_or_2(String format) {
      for (int version = 1; version <= 2; version++) {
        HubClient.open(gateway.port(), "/hubs/test", format, "Authorization", "Bearer good-mina")
            .shakeHands(version);
      }
    }

    @Test
    void is_refused_in_the_words_that_clients_know() {
      assertThat(answer("{'protocol':'xml','version':1}\u001e"))
          .isEqualTo("text {\"error\":\"The protocol 'xml' is not supported.\"}\u001e");
      assertThat(answer("{'protocol':'json','version':3}\u001e"))
          .isEqualTo(
              "text {\"error\":\"The server does not support version 3 of the 'json' protocol.\"}\u001e");
      assertThat(answer("hello\u001e"))
          .isEqualTo(
              "text {\"error\":\"An unexpected error occurred during connection handshake.\"}\u001e");
      HubClient tooLong = open();
      tooLong.sendText("{'protocol':'" + "x".repeat(20_000));
      tooLong.sendText("x".repeat(20_000));
      assertThat(tooLong.nextRaw()).contains("Handshake was canceled.");
    }

    @Test
    void is_waited_for_no_longer_than_a_connect() {
      try (RunningGateway hurried =
          new RunningGateway(Map.of("MADANG_HANDSHAKE_TIMEOUT_MS", "1000"))) {
        HubClient client = HubClient.open(
            hurried.port(), "/hubs/test", "json", "Authorization", "Bearer good-mina");
        assertThat(client.nextRaw()).contains("Handshake was canceled.");
        assertThat(client.closed()).isEqualTo(1000);
      }
    }

    @Test
    void may_come_in_bytes_and_with_messages_behind_it() {
      HubClient client = open();
      client.sendBytes(
          "{\"protocol\":\"json\",\"version\":1}\u001e{\"type\":6}\u001e{\"arguments\":[],\"invocationId\":\"7\",\"target\":\"Later\",\"x\":[1],\"type\":1}\u001e"
              .getBytes(StandardCharsets.UTF_8));
      assertThat(client.nextRaw()).isEqualTo("text {}\u001e");
      assertThat(client.next()).isEqualTo(invocation("Welcome", "['u-mina']"));
      assertThat(client.shown("7")).isEqualTo(result("null"));
    }
  }

  @Nested
  class A_call {
    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void is_answered_with_what_the_method_answers(String format) {
      HubClient client = client(format, "mina");

      assertThat(client.call("WhoAmI", "[]")).isEqualTo(result("{'user':'u-mina','name':'mina'}"));
      assertThat(client.call("whoami", "[]")).isEqualTo(result("{'user':'u-mina','name':'mina'}"));
      assertThat(client.call("Describe", "[7,true]")).isEqualTo(result("{'whole':7,'flag':true}"));
      assertThat(client.call("Options", "[{'a':[1,2.5,null,'héllo'],'b':{}}]"))
          .isEqualTo(result("{'a':[1,2.5,null,'héllo'],'b':{}}"));
      assertThat(client.call("Later", "[]")).isEqualTo(result("null"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void leaves_trailing_arguments_out_or_null(String format) {
      HubClient client = client(format, "mina");

      assertThat(client.call("Describe", "[]")).isEqualTo(result("{'whole':50}"));
      assertThat(client.call("Describe", "[null,null]")).isEqualTo(result("{'whole':50}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void means_the_signature_with_as_many_arguments(String format) {
      HubClient client = client(format, "mina");

      assertThat(client.call("Say", "['elsewhere','hi']")).startsWith("{'type':3");
      String id = client.begin("Say", "['hello']");
      List<String> heard = List.of(client.shown(id), client.shown(id));
      assertThat(heard)
          .containsExactlyInAnyOrder(result("null"), invocation("Said", "['lobby','hello']"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void fails_in_the_words_that_clients_know(String format) {
      HubClient client = client(format, "mina");

      assertThat(client.call("Nothing", "[]")).isEqualTo(error("Unknown hub method 'Nothing'"));
      assertThat(client.call("WhoAmI", "[1]"))
          .isEqualTo(error("Failed to invoke 'WhoAmI' due to an error on the server."));
      assertThat(client.call("Describe", "['seven']"))
          .isEqualTo(error("Failed to invoke 'Describe' due to an error on the server."));
      assertThat(client.call("Refuse", "[]"))
          .isEqualTo(
              error(
                  "An unexpected error occurred invoking 'Refuse' on the server. HubException: Come back tomorrow."));
      assertThat(client.call("Explode", "[]"))
          .isEqualTo(error("An unexpected error occurred invoking 'Explode' on the server."));
      assertThat(client.call("Rule", "[]"))
          .isEqualTo(error("Failed to invoke 'Rule' because user is unauthorized"));
      assertThat(client.call("Count", "[3]"))
          .isEqualTo(
              error(
                  "The client attempted to invoke the streaming 'Count' method with a non-streaming invocation."));
      assertThat(client.call("Measure", "[]"))
          .isEqualTo(error("Client sent 0 stream(s), Hub method expects 1."));
      assertThat(client.shown(client.begin("WhoAmI", "[]", "s1")))
          .isEqualTo(error("Client sent 1 stream(s), Hub method expects 0."));
    }

    @Test
    void of_nothing_that_is_there_counts_like_any_other() {
      try (RunningGateway slow =
          new RunningGateway(Map.of("MADANG_COMMAND_RATE", "1", "MADANG_COMMAND_BURST", "10"))) {
        HubClient client = HubClient.greeted(slow.port(), "json", "mina");
        String answer = "";
        int asked = 0;
        while (!answer.contains("asks faster than it may") && asked < 12) {
          answer = client.call("Nothing", "[]");
          asked++;
        }
        assertThat(answer)
            .isEqualTo(
                error(
                    "An unexpected error occurred invoking 'Nothing' on the server. HubException: This connection asks faster than it may."));
      }
    }

    @Test
    void that_comes_before_others_are_done_waits_and_so_does_what_is_behind_it() {
      // Half as many commands are under way as there may be requests.
      try (RunningGateway narrow = new RunningGateway(Map.of("MADANG_MAX_PENDING", "8"))) {
        HubClient client = HubClient.greeted(narrow.port(), "json", "mina");
        StringBuilder said = new StringBuilder();
        for (int i = 1; i <= 5; i++) {
          said.append(
              "{'type':1,'invocationId':'" + i + "','target':'Later','arguments':[]}\u001e");
        }
        client.sendText(said + "{'type':7}\u001e");

        // With the first there is room for the fifth, and with the second for the goodbye.
        assertThat(client.next()).isEqualTo("{'type':3,'invocationId':'1','result':null}");
        assertThat(client.closed()).isEqualTo(1000);
      }
    }

    @Test
    void tells_the_caller_before_it_is_completed() {
      HubClient client = json("mina");
      String id = client.begin("Quietly", "[]");

      assertThat(client.next()).startsWith("{'type':1,'target':'You','arguments':['u-mina','");
      assertThat(client.shown(id)).isEqualTo(result("null"));
    }

    @Test
    void may_be_refused_by_an_event() {
      HubClient client = json("mina");
      String id = client.begin("RefuseTold", "[]");

      assertThat(client.next()).isEqualTo(invocation("Error", "['Come back tomorrow.']"));
      assertThat(client.shown(id)).isEqualTo(result("null"));
    }

    @Test
    void without_an_id_is_never_completed() {
      HubClient client = json("mina");
      client.send("Nothing", "[]");
      client.send("Explode", "[]");
      client.send("Refuse", "[]");

      assertThat(client.call("Later", "[]")).isEqualTo(result("null"));
    }
  }

  @Nested
  class Topics {
    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void of_the_greeting_are_heard_from_the_handshake_on(String format) {
      HubClient hears = client(format, "mina");
      HubClient speaks = json("jun");
      speaks.send("Say", "['hi']");

      assertThat(hears.next()).isEqualTo(invocation("Said", "['lobby','hi']"));
      speaks.send("Say", "['of-u-mina','psst']");
      assertThat(hears.next()).isEqualTo(invocation("Said", "['of-u-mina','psst']"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void have_one_message_for_each_listener(String format) {
      HubClient hears = client(format, "mina");
      json("jun").send("Say", "['HEY']");

      assertThat(hears.next()).isEqualTo(invocation("Said", "['lobby','HEY']"));
      assertThat(hears.next()).isEqualTo(invocation("Shouted", "['HEY! (lobby)']"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void of_the_greeting_wait_until_the_handshake_is_answered(String format) {
      String own = "of-u-" + format;
      try (RunningGateway single = new RunningGateway(Map.of("MADANG_HTTP_LOOPS", "1"))) {
        HubClient speaks = HubClient.greeted(single.port(), "json", "jun");
        single.service.hold(own);
        HubClient late = HubClient.open(
            single.port(), "/hubs/test", format, "Authorization", "Bearer good-" + format);
        late.sendText("{'protocol':'" + format + "','version':1}\u001e");
        single.service.awaitHeld(own);
        // It hears the lobby now, and not yet its other topic.
        speaks.send("Say", "['early']");
        assertThat(speaks.next()).isEqualTo(invocation("Said", "['lobby','early']"));
        assertThat(late.heardNothing()).isTrue();
        single.service.release(own);

        assertThat(late.nextRaw()).endsWith("{}\u001e");
        assertThat(late.next()).isEqualTo(invocation("Said", "['lobby','early']"));
        assertThat(late.next()).isEqualTo(invocation("Welcome", "['u-" + format + "']"));
      }
    }

    @Test
    void that_a_command_joins_bring_nothing_before_it_is_completed() {
      try (RunningGateway single = new RunningGateway(Map.of("MADANG_HTTP_LOOPS", "1"))) {
        HubClient speaks = HubClient.greeted(single.port(), "json", "jun");
        HubClient joins = HubClient.greeted(single.port(), "json", "mina");
        single.service.hold("more");
        String call = joins.begin("JoinMore", "['den']");
        // It hears the den now, and is not told so before it hears more.
        single.service.awaitHeld("more");
        speaks.call("Say", "['den','early']");
        speaks.send("Say", "['to all']");
        assertThat(joins.next()).isEqualTo(invocation("Said", "['lobby','to all']"));
        single.service.release("more");

        assertThat(joins.shown(call)).isEqualTo(result("null"));
        assertThat(joins.next()).isEqualTo(invocation("Said", "['den','early']"));
      }
    }

    @Test
    void that_a_command_joins_are_heard_before_it_is_completed_and_until_one_leaves() {
      HubClient hears = json("mina");
      HubClient speaks = json("jun");

      assertThat(hears.call("Join", "['dev']")).isEqualTo(result("null"));
      speaks.call("Say", "['dev','one']");
      assertThat(hears.next()).isEqualTo(invocation("Said", "['dev','one']"));
      assertThat(hears.call("Join", "['dev']")).as("twice").isEqualTo(result("null"));

      assertThat(hears.call("Leave", "['dev']")).isEqualTo(result("null"));
      speaks.call("Say", "['dev','two']");
      speaks.call("Say", "['lobby','three']");
      assertThat(hears.next()).isEqualTo(invocation("Said", "['lobby','three']"));
    }

    @Test
    void that_a_method_names_are_heard_too() {
      HubClient hears = json("mina");
      hears.call("Hear", "['tea','none hears this']");
      json("jun").send("Say", "['tea','now']");

      assertThat(hears.next()).isEqualTo(invocation("Said", "['tea','now']"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void bring_what_was_said_since_behind_what_the_command_tells(String format) {
      HubClient speaks = json("jun");
      for (int i = 1; i <= 3; i++) {
        speaks.call("Say", "['" + format + "','" + i + "']");
      }

      HubClient returns = client(format, "mina");
      returns.send("Return", "['" + format + "',1]");
      assertThat(returns.next()).isEqualTo(invocation("Returned", "['" + format + "']"));
      assertThat(returns.next()).isEqualTo(invocation("Said", "['" + format + "','2']"));
      assertThat(returns.next()).isEqualTo(invocation("Said", "['" + format + "','3']"));
      speaks.call("Say", "['" + format + "','4']");
      assertThat(returns.next()).isEqualTo(invocation("Said", "['" + format + "','4']"));
    }

    @Test
    void that_cannot_be_heard_fail_the_call() {
      assertThat(json("mina").call("JoinSecret", "[]"))
          .isEqualTo(
              error(
                  "An unexpected error occurred invoking 'JoinSecret' on the server. HubException: There is no such topic, or you may not hear it."));
    }

    @Test
    void bring_everything_once_and_in_order_in_both_protocols() {
      HubClient text = client("json", "mina");
      HubClient bytes = client("messagepack", "mina");
      HubClient speaks = json("jun");
      text.call("Join", "['many']");
      bytes.call("Join", "['many']");
      List<String> said = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        speaks.send("Say", "['many','" + i + "']");
        said.add(invocation("Said", "['many','" + i + "']"));
      }

      for (String each : said) {
        assertThat(text.next()).isEqualTo(each);
        assertThat(bytes.next()).isEqualTo(each);
      }
    }
  }

  @Nested
  class A_stream {
    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void brings_its_items_and_is_completed(String format) {
      HubClient client = client(format, "mina");
      client.stream("s", "Count", "[500]");

      for (int i = 1; i <= 500; i++) {
        assertThat(client.next()).isEqualTo("{'type':2,'invocationId':'s','item':" + i + "}");
      }
      assertThat(client.next()).isEqualTo("{'type':3,'invocationId':'s'}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void that_is_cancelled_ends_at_the_service_too(String format) {
      int before = gateway.service.cancelledStreams.get();
      HubClient client = client(format, "mina");
      client.stream("s", "Idle", "[]");
      client.say(new HubMessage.CancelInvocation("s"));

      assertThat(client.next()).isEqualTo("{'type':3,'invocationId':'s'}");
      await().until(() -> gateway.service.cancelledStreams.get() == before + 1);
    }

    @Test
    void of_no_items_is_only_completed() {
      HubClient client = json("mina");
      client.stream("s", "Count", "[0]");

      assertThat(client.next()).isEqualTo("{'type':3,'invocationId':'s'}");
    }

    @Test
    void that_is_cancelled_before_it_is_called_is_completed_at_once() {
      HubClient client = json("mina");
      client.say(new HubMessage.CancelInvocation("s"));
      client.stream("s", "Count", "[1000]");

      assertThat(client.next()).isEqualTo("{'type':3,'invocationId':'s'}");
      client.stream("s", "Count", "[1]");
      assertThat(client.next()).isEqualTo("{'type':2,'invocationId':'s','item':1}");
    }

    @Test
    void fails_in_the_words_that_clients_know() {
      HubClient client = json("mina");
      client.stream("a", "Nothing", "[]");
      assertThat(client.shown("a")).isEqualTo(error("Unknown hub method 'Nothing'"));
      client.stream("b", "WhoAmI", "[]");
      assertThat(client.shown("b"))
          .isEqualTo(
              error(
                  "The client attempted to invoke the non-streaming 'WhoAmI' method with a streaming invocation."));
      client.stream("c", "Count", "[-1]");
      assertThat(client.shown("c"))
          .startsWith(
              "{'type':3,'invocationId':'#','error':'An unexpected error occurred invoking 'Count' on the server. HubException: ");
    }
  }

  @Nested
  class A_stream_of_the_clients {
    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void is_taken_in_order_with_progress_and_answered(String format) {
      HubClient client = client(format, "mina");
      String id = client.begin("Measure", "[]", "up");
      for (int i = 0; i < 20; i++) {
        client.say(new HubMessage.StreamItem("up", HubClient.json("'AAAA'")));
      }
      client.say(HubMessage.Completion.of("up"));

      for (int i = 1; i <= 20; i++) {
        assertThat(client.next()).isEqualTo(invocation("Progress", "[" + 3 * i + "]"));
      }
      assertThat(client.shown(id)).isEqualTo(result("60"));
    }

    @Test
    void that_fails_at_the_client_fails_the_call() {
      HubClient client = json("mina");
      int before = gateway.service.cancelledUploads.get();
      String id = client.begin("Measure", "[]", "up");
      client.say(HubMessage.Completion.failed("up", "no more"));

      assertThat(client.shown(id))
          .isEqualTo(error("An unexpected error occurred invoking 'Measure' on the server."));
      await().until(() -> gateway.service.cancelledUploads.get() == before + 1);
    }

    @Test
    void with_an_id_in_use_is_refused() {
      HubClient client = json("mina");
      client.begin("Measure", "[]", "up");

      assertThat(client.shown(client.begin("Measure", "[]", "up")))
          .isEqualTo(error("Invocation ID 'up' is already in use."));
    }

    @Test
    void that_is_not_known_is_ignored() {
      HubClient client = json("mina");
      client.say(new HubMessage.StreamItem("none", HubClient.json("1")));
      client.say(HubMessage.Completion.of("none"));

      assertThat(client.call("Later", "[]")).isEqualTo(result("null"));
    }
  }

  @Nested
  class What_is_no_hub_message {
    private void closes(HubClient client) {
      assertThat(client.next())
          .isEqualTo("{'type':7,'error':'Connection closed with an error.','allowReconnect':true}");
      assertThat(client.closed()).isEqualTo(1000);
    }

    @Test
    void closes_the_connection_which_may_come_back() {
      for (String garbage : List.of(
          "garbage\u001e",
          "{'type':1,'arguments':[]}\u001e",
          "{'type':1,'target':'X','arguments':{}}\u001e",
          "{'type':'1'}\u001e",
          "[]\u001e",
          "\u001e")) {
        HubClient client = json("mina");
        client.sendText(garbage);
        closes(client);
      }
    }

    @Test
    void closes_in_message_pack_too() {
      for (byte[] garbage : List.of(
          new byte[] {1, (byte) 0xC1},
          new byte[] {2, (byte) 0x91, (byte) 0xA1},
          new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F})) {
        HubClient client = client("messagepack", "mina");
        client.sendBytes(garbage);
        closes(client);
      }
    }

    @Test
    void is_one_of_more_than_the_limit_even_in_parts() {
      HubClient client = json("mina");
      client.sendText("{'type':1,'target':'" + "x".repeat(20_000));
      client.sendText("x".repeat(20_000));
      closes(client);
    }

    @Test
    void but_one_of_an_unknown_kind_is_ignored() {
      HubClient client = json("mina");
      client.sendText("{'type':77,'new':true}\u001e");

      assertThat(client.call("Later", "[]")).isEqualTo(result("null"));
    }
  }

  @Nested
  class A_connection {
    @Test
    void that_says_goodbye_is_closed_without_a_word() {
      HubClient client = json("mina");
      client.say(new HubMessage.Close(Optional.empty(), false));

      assertThat(client.closed()).isEqualTo(1000);
      assertThat(client.heardNothing()).isTrue();
    }

    @Test
    void is_told_that_it_may_come_back_when_the_gateway_stops() {
      HubClient client;
      try (RunningGateway stopping = new RunningGateway(Map.of())) {
        client = HubClient.greeted(stopping.port(), "json", "mina");
      }
      assertThat(client.next()).isEqualTo("{'type':7,'allowReconnect':true}");
      assertThat(client.closed()).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void is_pinged_and_closed_when_its_own_pings_stop(String format) {
      try (RunningGateway quick = new RunningGateway(Map.of("MADANG_KEEP_ALIVE_MS", "200"))) {
        HubClient never = HubClient.greeted(quick.port(), format, "mina");
        HubClient once = HubClient.greeted(quick.port(), format, "mina");
        once.say(new HubMessage.Ping());

        assertThat(once.nextWithPings()).isEqualTo("{'type':6}");
        assertThat(once.next())
            .isEqualTo(
                "{'type':7,'error':'Connection closed with an error. The reason: client silent.','allowReconnect':true}");
        assertThat(never.call("Later", "[]")).isEqualTo(result("null"));
      }
    }
  }
}
