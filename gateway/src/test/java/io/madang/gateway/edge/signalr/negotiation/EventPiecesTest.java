package io.madang.gateway.edge.signalr.negotiation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EventPiecesTest {
  private static String event(String messages) {
    return new String(
        EventPieces.event(messages.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }

  @Test
  void messages_are_one_event() {
    assertThat(event("{\"a\":\"안녕\"}\u001e{}\u001e"))
        .isEqualTo("data: {\"a\":\"안녕\"}\u001e{}\u001e\r\n\r\n");
  }

  @Test
  void whatever_ends_a_line_is_a_line_more() {
    assertThat(event("{\n}")).isEqualTo("data: {\r\ndata: }\r\n\r\n");
    assertThat(event("{\r}")).isEqualTo("data: {\r\ndata: }\r\n\r\n");
    assertThat(event("{\r\n}")).isEqualTo("data: {\r\ndata: }\r\n\r\n");
    assertThat(event("\n\n")).isEqualTo("data: \r\ndata: \r\ndata: \r\n\r\n");
    assertThat(event("{}\r")).isEqualTo("data: {}\r\ndata: \r\n\r\n");
  }
}
