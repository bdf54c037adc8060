package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.vertx.core.json.JsonObject;
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

/** Hub connections that outlive their WebSocket, as clients of SignalR with stateful reconnect use them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatefulHubsTest {
  @RegisterExtension
  final RunningGateway gateway = new RunningGateway(Map.of());

  private static JsonObject negotiate(RunningGateway at, String more) {
    return HubNegotiation.answer(at.port(), "good-mina", more);
  }

  private static String path(RunningGateway at) {
    return HubNegotiation.lastingPath(at.port(), "good-mina");
  }

  private static HubClient opened(RunningGateway at, String path, String format) {
    return HubClient.numbered(at.port(), path, format);
  }

  private static int refusal(RunningGateway at, String path) {
    return HubClient.status(at.port(), path);
  }

  private static String sequence(long number) {
    return "{'type':9,'sequenceId':" + number + "}";
  }

  private static String said(String text) {
    return "{'type':1,'target':'Said','arguments':['lobby','" + text + "']}";
  }

  @Nested
  class A_negotiation {
    @Test
    void offers_it_to_those_who_ask() {
      assertThat(
              negotiate(gateway, "&useStatefulReconnect=true").getBoolean("useStatefulReconnect"))
          .isTrue();
      assertThat(negotiate(gateway, "").containsKey("useStatefulReconnect")).isFalse();
      assertThat(
              negotiate(gateway, "&useStatefulReconnect=false").containsKey("useStatefulReconnect"))
          .isFalse();
    }

    @Test
    void offers_it_to_nobody_where_it_is_off() {
      try (RunningGateway off = new RunningGateway(Map.of("MADANG_HUB_RESUME_MS", "0"))) {
        assertThat(negotiate(off, "&useStatefulReconnect=true").containsKey("useStatefulReconnect"))
            .isFalse();
      }
    }
  }

  @Nested
  class A_client_that_lost_its_WebSocket {
    @ParameterizedTest
    @ValueSource(strings = {"json", "messagepack"})
    void finds_what_was_said_meanwhile(String format) {
      String path = path(gateway);
      HubClient client = opened(gateway, path, format);
      client.say(new HubMessage.Ack(1));
      client.cut();
      HubClient other = HubClient.greeted(gateway.port(), "json", "jun");
      other.call("Say", "['" + format + " one']");
      other.call("Say", "['" + format + " two']");
      HubClient back = HubClient.back(gateway.port(), path, format);

      assertThat(back.nextSaid()).startsWith("{'type':9,");
      List<String> heard = new ArrayList<>();
      while (!heard.contains(said(format + " two"))) {
        heard.add(back.nextSaid());
      }
      assertThat(heard)
          .containsOnlyOnce(said(format + " one"), said(format + " two"))
          .containsSubsequence(said(format + " one"), said(format + " two"));
      back.say(new HubMessage.Sequence(1));
      assertThat(back.call("WhoAmI", "[]")).contains("'user':'u-mina'");
      back.close();
      other.close();
    }

    @Test
    void is_told_again_what_it_has_not_confirmed() {
      String path = path(gateway);
      HubClient client = opened(gateway, path, "json");
      assertThat(client.call("WhoAmI", "[]")).contains("u-mina");
      client.say(new HubMessage.Ack(1));
      // Behind the confirmation, which is taken before.
      assertThat(client.call("Later", "[]")).contains("'result':null");
      client.cut();
      HubClient back = HubClient.back(gateway.port(), path, "json");

      assertThat(back.next()).isEqualTo(sequence(2));
      assertThat(back.nextSaid()).contains("'type':3", "u-mina");
      assertThat(back.nextSaid()).contains("'type':3", "'result':null");
      back.close();
    }

    @Test
    void does_not_do_twice_what_it_says_again() {
      String path = path(gateway);
      HubClient client = opened(gateway, path, "json");
      HubClient other = HubClient.greeted(gateway.port(), "json", "ara");
      client.send("Say", "['once']");
      assertThat(other.nextSaid()).isEqualTo(said("once"));
      client.cut();
      HubClient back = HubClient.back(gateway.port(), path, "json");
      back.say(HubMessage.Invocation.of("Say", HubClient.json("['not heard yet']")));
      back.say(new HubMessage.Sequence(1));
      back.send("Say", "['once']");
      back.send("Say", "['then']");

      assertThat(other.nextSaid()).isEqualTo(said("then"));
      back.close();
      other.close();
    }

    @Test
    void gets_the_answer_to_what_it_asked_before() {
      String path = path(gateway);
      HubClient client = opened(gateway, path, "json");
      HubMessage call =
          new HubMessage.Invocation(Optional.of("7"), "Later", HubClient.json("[]"), List.of());
      client.say(call);
      client.cut();
      HubClient back = HubClient.back(gateway.port(), path, "json");
      back.say(new HubMessage.Sequence(1));
      back.say(call);

      assertThat(back.next()).startsWith("{'type':9,");
      String answer = back.nextSaid();
      while (!answer.contains("'type':3")) {
        answer = back.nextSaid();
      }
      assertThat(answer).isEqualTo("{'type':3,'invocationId':'7','result':null}");
      assertThat(back.call("WhoAmI", "[]")).contains("u-mina");
      back.close();
    }

    @Test
    void takes_over_while_the_old_one_looks_alive() {
      String path = path(gateway);
      HubClient client = opened(gateway, path, "json");
      HubClient back = HubClient.back(gateway.port(), path, "json");

      assertThat(back.nextSaid()).isEqualTo(sequence(1));
      assertThat(back.nextSaid()).contains("Welcome");
      back.say(new HubMessage.Sequence(1));
      assertThat(back.call("WhoAmI", "[]")).contains("u-mina");
      await().untilAsserted(() -> assertThat(client.isClosed()).isTrue());
      back.close();
    }

    @Test
    void is_sent_away_when_it_leaves_something_out() {
      String path = path(gateway);
      opened(gateway, path, "json").cut();
      HubClient back = HubClient.back(gateway.port(), path, "json");
      back.say(new HubMessage.Sequence(2));

      String message = back.nextSaid();
      while (!message.startsWith("{'type':7")) {
        message = back.nextSaid();
      }
      assertThat(message).contains("'error':", "'allowReconnect':true");
      assertThat(back.closed()).isEqualTo(1000);
      assertThat(refusal(gateway, path)).isEqualTo(404);
    }

    @Test
    void finds_nothing_after_the_window() {
      try (RunningGateway hurried = new RunningGateway(Map.of("MADANG_HUB_RESUME_MS", "300"))) {
        String path = path(hurried);
        opened(hurried, path, "json").cut();

        await()
            .untilAsserted(() -> assertThat(hurried.gauge("madang.connections")).isZero());
        assertThat(refusal(hurried, path)).isEqualTo(404);
      }
    }

    @Test
    void is_known_by_its_own_user_alone() {
      String path = path(gateway);
      HubClient client = opened(gateway, path, "json");
      client.cut();

      assertThat(refusal(gateway, path.replace("good-mina", "good-jun"))).isEqualTo(404);
      assertThat(refusal(gateway, path.replace("good-mina", "bad"))).isEqualTo(401);
      HubClient.back(gateway.port(), path, "json").close();
    }
  }

  @Nested
  class A_client_that_finds_nothing {
    @Test
    void said_goodbye_by_the_hub_protocol() {
      String path = path(gateway);
      HubClient client = opened(gateway, path, "json");
      client.say(new HubMessage.Close(Optional.empty(), false));

      assertThat(client.closed()).isEqualTo(1000);
      assertThat(refusal(gateway, path)).isEqualTo(404);
    }

    @Test
    void said_goodbye_by_its_WebSocket() {
      String path = path(gateway);
      HubClient client = opened(gateway, path, "json");
      client.close();
      client.closed();

      await().untilAsserted(() -> assertThat(refusal(gateway, path)).isEqualTo(404));
    }

    @Test
    void shook_hands_without_numbers() {
      String path = path(gateway);
      HubClient client = HubClient.open(gateway.port(), path, "json");
      client.shakeHands(1);
      assertThat(client.next()).contains("Welcome");
      assertThat(client.call("WhoAmI", "[]")).contains("u-mina");
      assertThat(refusal(gateway, path)).isEqualTo(409);
      client.cut();

      await().untilAsserted(() -> assertThat(refusal(gateway, path)).isEqualTo(404));
    }
  }

  @Nested
  class What_a_client_says {
    @Test
    void is_confirmed() {
      HubClient client = opened(gateway, path(gateway), "json");
      client.send("Later", "[]");
      client.send("Later", "[]");

      assertThat(client.next()).isEqualTo("{'type':8,'sequenceId':2}");
      client.close();
    }
  }

  @Nested
  class A_connection_that_keeps_as_much_as_it_may {
    @Test
    void goes_on_when_its_client_confirms() {
      try (RunningGateway small = new RunningGateway(Map.of("MADANG_HUB_REPLAY_BYTES", "50000"))) {
        HubClient client = opened(small, path(small), "json");
        assertThat(client.call("Large", "[]")).hasSizeGreaterThan(100_000);
        client.begin("WhoAmI", "[]");
        assertThat(client.next()).isEqualTo("{'type':8,'sequenceId':2}");
        assertThat(client.heardNothing()).isTrue();
        client.say(new HubMessage.Ack(2));

        assertThat(client.nextSaid()).contains("u-mina");
        client.close();
      }
    }
  }

  @Nested
  class A_gateway_that_keeps_as_much_as_it_may {
    @Test
    void sends_away_the_client_that_it_would_keep_more_for() {
      try (RunningGateway small =
          new RunningGateway(Map.of("MADANG_HUB_REPLAY_ALL_BYTES", "50000"))) {
        String path = path(small);
        HubClient client = opened(small, path, "json");
        client.begin("Large", "[]");
        assertThat(client.nextSaid()).hasSizeGreaterThan(100_000);

        assertThat(client.nextSaid()).startsWith("{'type':7,").contains("'allowReconnect':true");
        assertThat(client.closed()).isEqualTo(1000);
        assertThat(refusal(small, path)).isEqualTo(404);
        assertThat(small.gauge("madang.hub.replay.bytes")).isZero();
      }
    }
  }
}
