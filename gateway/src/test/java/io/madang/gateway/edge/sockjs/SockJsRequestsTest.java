package io.madang.gateway.edge.sockjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.gateway.edge.sockjs.session.Deliver;
import io.madang.gateway.edge.sockjs.session.Opening;
import io.madang.gateway.edge.sockjs.session.Receive;
import io.madang.gateway.edge.sockjs.session.Reception;
import io.madang.gateway.edge.sockjs.text.Wrapping;
import io.madang.gateway.identity.Credential;
import io.madang.runtime.config.Secret;
import io.madang.runtime.topic.Payload;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SockJsRequestsTest {
  private static final Opening NOBODY = new Opening(Optional.empty(), "::1");

  private final SockJsRequests requests = new SockJsRequests();

  static Stream<Receive> receiving() {
    Secret secret = new Secret("s");
    Reception line = Reception.ofOneFrame(new Wrapping.Line());
    return Stream.of(
        new Receive(NOBODY, line),
        new Receive(new Opening(Optional.of(new Credential.Bearer(secret)), "1.2.3.4"), line),
        new Receive(new Opening(Optional.of(new Credential.Ticket(secret)), "1.2.3.4"), line),
        new Receive(new Opening(Optional.of(new Credential.Cookie(secret)), "1.2.3.4"), line),
        new Receive(NOBODY, Reception.ofOneFrame(new Wrapping.Call("_jp.abc"))),
        new Receive(NOBODY, new Reception(new Wrapping.Event(), 4_096)),
        new Receive(NOBODY, new Reception(new Wrapping.Script(), 4_096)));
  }

  @ParameterizedTest
  @MethodSource("receiving")
  void what_waits_is_the_same_on_the_other_side(Receive request) {
    Payload bytes = requests.receiving(request);

    assertThat(requests.receiving(bytes)).isEqualTo(request);
    assertThatThrownBy(() ->
            requests.receiving(Payload.wrap(Arrays.copyOf(bytes.utf8(), bytes.utf8().length - 1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void messages_are_the_same_on_the_other_side() {
    Deliver request = new Deliver.Messages(NOBODY, List.of("", "안녕 😀", "half \ud83d of"));

    assertThat(requests.delivery(requests.delivery(request))).isEqualTo(request);
  }

  @Test
  void that_a_gateway_stops_is_not_taken_for_no_messages() {
    assertThat(requests.delivery(requests.delivery(new Deliver.Leaving())))
        .isEqualTo(new Deliver.Leaving());
    Deliver nothing = new Deliver.Messages(NOBODY, List.of());
    assertThat(requests.delivery(requests.delivery(nothing))).isEqualTo(nothing);
  }
}
