package io.madang.chat.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MessageIdTest {
  @Nested
  class An_id {
    @Test
    void is_read_as_it_is_written() {
      assertThat(MessageId.parse(MessageId.of("0123abcd", 42)))
          .hasValue(new MessageId("0123abcd", 42));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "-",
          "a-",
          "-1",
          "a-0",
          "a-01",
          "a--1",
          "G-1",
          "a-1x",
          "a-9999999999999999999"
        })
    void that_no_message_has_is_none(String id) {
      assertThat(MessageId.parse(id)).isEmpty();
    }
  }
}
