package io.madang.contracts.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RoomIdTest {
  @Nested
  class A_room_name {
    @ParameterizedTest
    @ValueSource(strings = {"a", "dev", "마당", "a b", "a:b", "🏡", "Ünder.score-1"})
    void may_be(String name) {
      assertThat(new RoomId(name)).hasToString(name);
    }

    @Test
    void is_counted_in_code_points() {
      assertThat(new RoomId("🏡".repeat(64)).value()).hasSize(128);
      assertThatThrownBy(() -> new RoomId("🏡".repeat(65)))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          " a",
          "a ",
          "\u00a0a",
          "a\u3000",
          "\u200aa",
          "a\nb",
          "a\u0000b",
          "a\u007fb",
          "a\u0085b",
          "a\u2028b",
          "\ud800",
          "a\udc00b",
          "\u1112\u1161",
          "e\u0301"
        })
    void may_not_be(String name) {
      assertThatThrownBy(() -> new RoomId(name)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
