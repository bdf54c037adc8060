package io.madang.gateway.edge.signalr.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HubHandshakeTest {
  private static HubHandshake read(String handshake, boolean takesBytes) throws Exception {
    return HubHandshake.read(
        handshake.replace('\'', '"').getBytes(StandardCharsets.UTF_8), takesBytes);
  }

  private static void isRefused(String handshake, boolean takesBytes, String error) {
    assertThatThrownBy(() -> read(handshake, takesBytes))
        .isInstanceOf(HubHandshake.RefusedException.class)
        .hasMessage(error);
  }

  @Test
  void names_a_protocol_and_version_1_or_2() throws Exception {
    assertThat(read("{'protocol':'json','version':1}", false).format()).isSameAs(HubFormat.JSON);
    assertThat(read("{'version':2,'x':[],'protocol':'messagepack'}", true))
        .isEqualTo(new HubHandshake(HubFormat.MESSAGE_PACK, 2));
  }

  @Test
  void is_refused_for_a_protocol_a_version_or_a_transport_that_is_not_there() {
    isRefused("{'protocol':'x','version':1}", true, "The protocol 'x' is not supported.");
    isRefused(
        "{'protocol':'json','version':0}",
        true,
        "The server does not support version 0 of the 'json' protocol.");
    isRefused(
        "{'protocol':'messagepack','version':1}",
        false,
        "Cannot use the 'messagepack' protocol on the current transport. The transport does not support 'Binary' transfer format.");
  }

  @Test
  void is_refused_where_something_is_missing_or_wrong() {
    for (String bad : new String[] {
      "",
      "x",
      "[]",
      "{}",
      "{'protocol':'json'}",
      "{'protocol':1,'version':1}",
      "{'protocol':'json','version':'1'}"
    }) {
      isRefused(bad, true, HubHandshake.MALFORMED);
    }
  }

  @Test
  void is_answered_with_an_object_without_a_type() {
    assertThat(HubHandshake.accepted()).containsExactly(0x7B, 0x7D, 0x1E);
    assertThat(new String(HubHandshake.refused("no \"x\""), StandardCharsets.UTF_8))
        .isEqualTo("{\"error\":\"no \\\"x\\\"\"}\u001e");
  }
}
