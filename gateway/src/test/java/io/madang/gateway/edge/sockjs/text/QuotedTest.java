package io.madang.gateway.edge.sockjs.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class QuotedTest {
  private static String quoted(String text) {
    return new String(Quoted.of(text), StandardCharsets.UTF_8);
  }

  @Test
  void every_code_unit_comes_back() {
    for (int c = 0; c <= 0xFFFF; c++) {
      String text = "a" + (char) c + "b";
      assertThat(new JsonArray("[" + quoted(text) + "]").getString(0)).isEqualTo(text);
    }
  }

  @Test
  void escapes_exactly_what_breaks_on_the_way() {
    for (int c = 0; c <= 0xFFFF; c++) {
      boolean isFragile = c < 0x20
          || c == '"'
          || c == '\\'
          || (c >= 0x200C && c <= 0x200F)
          || (c >= 0x2028 && c <= 0x202F)
          || (c >= 0x2060 && c <= 0x206F)
          || (c >= 0xD800 && c <= 0xDFFF)
          || c >= 0xFFF0;
      assertThat(quoted(String.valueOf((char) c)).startsWith("\"\\"))
          .as("U+%04X", c)
          .isEqualTo(isFragile);
    }
  }

  @Test
  void whole_pairs_stay_and_halves_are_escaped_in_lower_case() {
    assertThat(quoted("😀")).isEqualTo("\"😀\"");
    assertThat(quoted("\ude00x\ud83d")).isEqualTo("\"\\ude00x\\ud83d\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "안녕 😀", "{\"a\":\"\\n\"}"})
  void bytes_and_texts_are_quoted_alike(String text) {
    assertThat(Quoted.of(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(Quoted.of(text));
  }

  @Test
  void json_with_a_half_pair_keeps_it_as_an_escape() {
    assertThat(new String(Quoted.jsonUtf8("{\"a\":\"\ud83d\"}"), StandardCharsets.UTF_8))
        .isEqualTo("{\"a\":\"\\ud83d\"}");
    assertThat(new String(Quoted.jsonUtf8("\ud83d"), StandardCharsets.UTF_8)).isEqualTo("\\ud83d");
  }
}
