package io.madang.chat.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WrongTriesTest {
  private final WrongTries tries = new WrongTries();

  @Nested
  class A_user_who_was_wrong {
    @Test
    void may_try_again_until_it_was_too_often() {
      for (int i = 0; i < WrongTries.MAX_WRONG; i++) {
        assertThat(tries.waitMs("ann", 1_000)).isEmpty();
        tries.wrong("ann", 1_000);
      }
      assertThat(tries.waitMs("ann", 2_000)).isEqualTo(OptionalLong.of(59_000));
      assertThat(tries.waitMs("bob", 2_000)).isEmpty();
    }

    @Test
    void starts_anew_when_the_minute_is_over() {
      for (int i = 0; i < WrongTries.MAX_WRONG; i++) {
        tries.wrong("ann", 1_000);
      }
      assertThat(tries.waitMs("ann", 61_000)).isEmpty();
      tries.wrong("ann", 61_000);
      assertThat(tries.waitMs("ann", 61_000)).isEmpty();
    }
  }
}
