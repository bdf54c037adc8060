package io.madang.gateway.identity.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PasswordTest {
  @Test
  void has_8_to_256_characters_counted_as_people_count() {
    Password.choose("\uD83D\uDC31".repeat(8));
    Password.choose("x".repeat(256));

    assertBad("\uD83D\uDC31".repeat(7));
    assertBad("x".repeat(257));
  }

  @Test
  void is_the_same_however_a_keyboard_composes_accents() {
    assertThat(Password.of("caf\u00E9caf\u00E9").bytes())
        .isEqualTo(Password.of("cafe\u0301cafe\u0301").bytes());
  }

  @Test
  void holds_no_half_character() {
    assertBad("12345678\uD800");
  }

  @Test
  void is_never_printed() {
    assertThat(Password.of("correct horse")).hasToString("***");
  }

  private static void assertBad(String raw) {
    assertThatThrownBy(() -> Password.choose(raw))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.BAD_PASSWORD));
  }
}
