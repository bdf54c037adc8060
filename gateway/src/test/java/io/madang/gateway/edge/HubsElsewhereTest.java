package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.edge.RawHttp.Answer;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A gateway that sends clients of hubs elsewhere when they negotiate. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HubsElsewhereTest {
  @RegisterExtension
  final RunningGateway gateway =
      new RunningGateway(Map.of("MADANG_SIGNALR_REDIRECT_URL", "https://hubs.example.org/live/"));

  private Answer negotiate(String path) {
    return RawHttp.ask(gateway.port(), "POST", path, "", "Authorization", "Bearer good-mina");
  }

  @Test
  void a_negotiation_is_answered_with_the_same_hub_there_in_every_version() {
    for (String query : new String[] {"", "?negotiateVersion=0", "?negotiateVersion=1"}) {
      Answer answer = negotiate("/hubs/test/negotiate" + query);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("{\"url\":\"https://hubs.example.org/live/hubs/test\"}");
    }
    assertThat(negotiate("/testHub/negotiate/?negotiateVersion=1&a=1").body())
        .isEqualTo("{\"url\":\"https://hubs.example.org/live/testHub?a=1\"}");
  }

  @Test
  void whoever_may_not_come_is_not_sent_elsewhere_either() {
    assertThat(RawHttp.ask(gateway.port(), "POST", "/hubs/test/negotiate", "").status())
        .isEqualTo(401);
  }

  @Test
  void a_socket_without_a_negotiation_is_taken_here() {
    HubClient client = HubClient.greeted(gateway.port(), "json", "mina");
    assertThat(client.call("Later", "[]")).isEqualTo("{'type':3,'invocationId':'#','result':null}");
  }
}
