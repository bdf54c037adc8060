package io.madang.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientOptionsTest {
  private static final ClientOptions USUAL =
      ClientOptions.of(List.of(URI.create("ws://127.0.0.1:8080/ws")), Optional::empty);

  @Test
  void usual_bounds_are_as_documented() {
    assertThat(USUAL.connectTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(USUAL.commandTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(USUAL.firstBackoff()).isEqualTo(Duration.ofMillis(500));
    assertThat(USUAL.lastBackoff()).isEqualTo(Duration.ofSeconds(30));
    assertThat(USUAL.maxPending()).isEqualTo(4_096);
  }

  @Test
  void a_gateway_is_needed() {
    assertThatThrownBy(() -> ClientOptions.of(List.of(), Optional::empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("address of a gateway");
  }

  @Test
  void an_address_that_is_no_websocket_is_refused_by_name() {
    assertThatThrownBy(
            () -> ClientOptions.of(List.of(URI.create("http://host/ws")), Optional::empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http://host/ws");
  }

  @Test
  void times_and_bounds_that_cannot_be_are_refused_by_name() {
    assertThatThrownBy(() -> USUAL.withCommandTimeout(Duration.ZERO))
        .hasMessageContaining("commandTimeout");
    assertThatThrownBy(() -> USUAL.withConnectTimeout(Duration.ofMillis(-1)))
        .hasMessageContaining("connectTimeout");
    assertThatThrownBy(() -> USUAL.withBackoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .hasMessageContaining("lastBackoff");
    assertThatThrownBy(() -> USUAL.withMaxPending(0)).hasMessageContaining("maxPending");
  }
}
