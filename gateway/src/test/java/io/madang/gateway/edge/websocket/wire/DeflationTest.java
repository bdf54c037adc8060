package io.madang.gateway.edge.websocket.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.gateway.edge.websocket.wire.Deflation.BadDeflationException;
import io.madang.protocol.code.CloseCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DeflationTest {
  private final Deflation deflation = new Deflation();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=9; server_no_context_takeover",
        "permessage-deflate;server_max_window_bits=\"15\"",
        "x-webkit-deflate-frame, permessage-deflate",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate",
      })
  void takes_an_offer_that_it_can_keep(String header) {
    assertThat(Deflation.isOffered(List.of(header))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "permessage-bzip2",
        "permessage-deflate; server_max_window_bits=10",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; client_no_context_takeover=1",
        "permessage-deflate; client_max_window_bits; client_max_window_bits",
        "permessage-deflate; something_new",
      })
  void takes_no_offer_that_it_cannot_keep(String header) {
    assertThat(Deflation.isOffered(List.of(header))).isFalse();
  }

  @Test
  void inflates_the_examples_of_the_rfc() throws BadDeflationException {
    // RFC 7692, 7.2.3: one block, a stored block, a final block, two blocks.
    for (String hex : List.of(
        "f248cdc9c90700",
        "000500faff48656c6c6f00",
        "f348cdc9c9070000",
        "f24805000000ffffcac9c90700")) {
      assertThat(deflation.inflated(HexFormat.of().parseHex(hex), 100))
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("Hello");
    }
    assertThat(deflation.inflated(new byte[] {0}, 100)).isEmpty();
  }

  @Test
  void gives_back_what_it_deflated_message_by_message() throws BadDeflationException {
    Random dice = new Random(3);
    for (int length = 0; length < 3_000; length += 37) {
      byte[] text = new byte[length];
      for (int i = 0; i < length; i++) {
        text[i] = (byte) ('a' + dice.nextInt(4));
      }
      Optional<byte[]> deflated = deflation.deflated(text);
      assertThat(deflated.isPresent()).isEqualTo(length >= 111);
      if (deflated.isPresent()) {
        assertThat(deflated.get().length).isLessThan(length);
        assertThat(deflation.deflated(text).orElseThrow()).isEqualTo(deflated.get());
        assertThat(deflation.inflated(deflated.get(), length)).isEqualTo(text);
      }
    }
  }

  @Test
  void leaves_alone_what_gets_no_shorter() {
    byte[] noise = new byte[1_000];
    new Random(5).nextBytes(noise);
    byte[] little = new byte[20];

    assertThat(deflation.deflated(noise)).isEmpty();
    assertThat(deflation.deflated(little)).isEmpty();
  }

  @Test
  void makes_no_more_of_little_than_may_be() {
    byte[] bomb = new byte[100_000];
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(new byte[50_000_000]);
    int length = deflater.deflate(bomb, 0, bomb.length, Deflater.SYNC_FLUSH);
    byte[] sent = Arrays.copyOf(bomb, length - 4);
    deflater.end();

    assertThatThrownBy(() -> deflation.inflated(sent, 32_768))
        .isInstanceOfSatisfying(
            BadDeflationException.class,
            bad -> assertThat(bad.code()).isEqualTo(CloseCode.MESSAGE_TOO_BIG));
  }

  @Test
  void refuses_what_was_never_deflated_and_goes_on_with_what_was() throws BadDeflationException {
    assertThatThrownBy(() -> deflation.inflated(new byte[] {(byte) 0xFF, (byte) 0xFF, 1}, 100))
        .isInstanceOfSatisfying(
            BadDeflationException.class,
            bad -> assertThat(bad.code()).isEqualTo(CloseCode.PROTOCOL_ERROR));
    assertThat(deflation.inflated(HexFormat.of().parseHex("f248cdc9c90700"), 5)).hasSize(5);
  }
}
