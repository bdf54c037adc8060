package io.madang.chat.everyone;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.contracts.chat.ChatNames;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SecureTextTest {
  @Test
  void is_encoded_so_that_it_is_only_text_in_a_page() {
    assertThat(SecureText.encoded("<b title=\"a\" id='b'>안녕 & 👋</b>"))
        .isEqualTo("&lt;b title=&quot;a&quot; id=&#x27;b&#x27;&gt;안녕 &amp; 👋&lt;/b&gt;");
  }

  @Test
  void may_have_so_many_characters_and_not_one_more() {
    assertThat(SecureText.unfit("x".repeat(ChatNames.MAX_SECURE_CHARS))).isEmpty();
    assertThat(SecureText.unfit("x".repeat(ChatNames.MAX_SECURE_CHARS + 1)))
        .hasValueSatisfying(
            refusal -> assertThat(refusal.message()).isEqualTo("Message too large"));
  }

  @Test
  void is_neither_blank_nor_has_control_characters_but_those_of_plain_text() {
    assertThat(SecureText.unfit("two\n\tlines\r\n")).isEmpty();
    for (String bad : new String[] {"", "  ", "bell\u0007", "c1\u0085"}) {
      assertThat(SecureText.unfit(bad))
          .hasValueSatisfying(
              refusal -> assertThat(refusal.message()).isEqualTo("Invalid message format"));
    }
  }
}
