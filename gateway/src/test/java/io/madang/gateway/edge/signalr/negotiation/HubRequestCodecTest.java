package io.madang.gateway.edge.signalr.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.gateway.edge.signalr.replay.Kept;
import io.madang.gateway.edge.signalr.replay.Piece;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.identity.Credential;
import io.madang.runtime.config.Secret;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.StreamPosition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HubRequestCodecTest {
  private static final Optional<Credential> BEARER =
      Optional.of(new Credential.Bearer(new Secret("s")));

  private final HubRequestCodec codec = new HubRequestCodec();

  static Stream<HubDeliver> deliveries() {
    return Stream.of(
        new HubDeliver.Post(BEARER, Payload.wrap(new byte[] {0, -1, 30})),
        new HubDeliver.Delete(Optional.of(new Credential.Cookie(new Secret("c")))),
        new HubDeliver.Claim(Optional.empty(), "gateway-1.x", -7),
        new HubDeliver.Carried(-7, Payload.wrap(new byte[] {0, -1, 30})),
        new HubDeliver.Ended(-7, 1000),
        new HubDeliver.Adopt(new HubState(
            "chat",
            Optional.of("mina"),
            "10.0.0.1",
            new Kept(true, 9, List.of(new Piece(new byte[] {1, 2}, 3)), 4),
            new HubMemory(true, BEARER, Map.of("room:a", new StreamPosition("e", 7))))),
        new HubDeliver.Leaving());
  }

  @ParameterizedTest
  @MethodSource("deliveries")
  void what_is_brought_is_the_same_on_the_other_side(HubDeliver request) {
    assertThat(codec.delivery(codec.delivery(request))).isEqualTo(request);
  }

  @Test
  void every_kind_is_tried() {
    Set<Class<?>> tried = deliveries().map(Object::getClass).collect(Collectors.toSet());

    assertThat(Arrays.asList(HubDeliver.class.getPermittedSubclasses())).allMatch(tried::contains);
  }

  @ParameterizedTest
  @MethodSource("deliveries")
  void what_is_cut_short_is_nothing(HubDeliver request) {
    byte[] whole = codec.delivery(request).utf8();

    assertThatThrownBy(() -> codec.delivery(Payload.wrap(Arrays.copyOf(whole, whole.length - 1))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> codec.delivery(Payload.wrap(new byte[] {99, 0})))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void what_waits_is_the_same_on_the_other_side() {
    for (HubTransport transport :
        new HubTransport[] {HubTransport.LONG_POLLING, HubTransport.SERVER_SENT_EVENTS}) {
      HubReceive request = new HubReceive(BEARER, transport);

      assertThat(codec.receiving(codec.receiving(request))).isEqualTo(request);
    }
    assertThatThrownBy(() -> codec.receiving(Payload.wrap(new byte[] {99, 0})))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
