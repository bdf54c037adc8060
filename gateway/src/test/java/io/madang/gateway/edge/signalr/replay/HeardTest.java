package io.madang.gateway.edge.signalr.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.gateway.edge.signalr.wire.BadHubMessageException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HeardTest {
  private final Heard heard = new Heard();

  private void hear(int messages) {
    for (int i = 0; i < messages; i++) {
      assertThat(heard.isNew()).isTrue();
    }
  }

  @Test
  void counts_what_comes() {
    hear(3);

    assertThat(heard.last()).isEqualTo(3);
    assertThat(heard.awaitsSequence()).isFalse();
  }

  @Test
  void takes_nothing_twice_that_is_said_again() throws BadHubMessageException {
    hear(3);
    heard.onOtherTransport();
    assertThat(heard.awaitsSequence()).isTrue();
    heard.sequence(2);

    assertThat(heard.awaitsSequence()).isFalse();
    assertThat(heard.isNew()).isFalse();
    assertThat(heard.isNew()).isFalse();
    assertThat(heard.last()).isEqualTo(3);
    assertThat(heard.isNew()).isTrue();
    assertThat(heard.last()).isEqualTo(4);
  }

  @Test
  void goes_on_where_it_was_when_nothing_is_said_again() throws BadHubMessageException {
    hear(3);
    heard.onOtherTransport();
    heard.sequence(4);

    assertThat(heard.isNew()).isTrue();
    assertThat(heard.last()).isEqualTo(4);
  }

  @Test
  void does_not_bear_that_something_is_left_out() {
    hear(3);
    heard.onOtherTransport();

    assertThatThrownBy(() -> heard.sequence(5)).isInstanceOf(BadHubMessageException.class);
    assertThatThrownBy(() -> heard.sequence(0)).isInstanceOf(BadHubMessageException.class);
  }

  @Test
  void is_the_same_when_it_is_restored() throws BadHubMessageException {
    Heard restored = Heard.restored(3);

    assertThat(restored.awaitsSequence()).isTrue();
    assertThatThrownBy(() -> restored.sequence(5)).isInstanceOf(BadHubMessageException.class);
    restored.sequence(3);
    assertThat(restored.isNew()).isFalse();
    assertThat(restored.isNew()).isTrue();
    assertThat(restored.last()).isEqualTo(4);
  }
}
