package io.madang.gateway.edge.signalr.talk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HubGoodbyeTest {
  private final HubGoodbye goodbye = new HubGoodbye();

  private HubMessage.Close at(CloseCode code) {
    return goodbye.close(ServerFrame.Disconnect.because(code, Duration.ZERO));
  }

  private String refusal() {
    return new String(goodbye.refusal(), UTF_8);
  }

  @Test
  void one_that_is_not_let_in_is_told_what_was_said_last_of_why() {
    assertThat(refusal()).isEqualTo("{\"error\":\"Handshake was canceled.\"}\u001e");

    goodbye.refuses("Too many.");
    goodbye.refuses("Nobody is signed in.");
    assertThat(refusal()).isEqualTo("{\"error\":\"Nobody is signed in.\"}\u001e");
  }

  @Test
  void no_reason_is_told_where_nothing_is_wrong() {
    assertThat(at(CloseCode.NORMAL).error()).isEmpty();
    assertThat(at(CloseCode.NORMAL).allowReconnect()).isFalse();
    assertThat(at(CloseCode.RESTARTING).error()).isEmpty();
    assertThat(at(CloseCode.RESTARTING).allowReconnect()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = CloseCode.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NORMAL", "RESTARTING", "TOKEN_EXPIRED"})
  void whoever_may_come_back_by_the_code_may_by_what_is_told(CloseCode code) {
    assertThat(at(code).error())
        .contains("Connection closed with an error. The reason: " + code.reason() + ".");
    assertThat(at(code).allowReconnect()).isEqualTo(code.mayReconnect());
  }

  @Test
  void a_client_may_come_back_with_another_token() {
    assertThat(CloseCode.TOKEN_EXPIRED.mayReconnect()).isFalse();
    assertThat(at(CloseCode.TOKEN_EXPIRED).allowReconnect()).isTrue();
  }

  @Test
  void what_a_client_did_wrong_is_not_explained_to_it() {
    goodbye.isBadInput();

    HubMessage.Close close = at(CloseCode.NOT_OUR_PROTOCOL);
    assertThat(close.error()).contains("Connection closed with an error.");
    assertThat(close.allowReconnect()).isTrue();
  }

  @Test
  void is_needed_until_somebody_says_that_it_is_not() {
    assertThat(goodbye.isNeeded()).isTrue();

    goodbye.isNotNeeded();
    assertThat(goodbye.isNeeded()).isFalse();
  }
}
