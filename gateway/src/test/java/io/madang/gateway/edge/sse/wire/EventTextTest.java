package io.madang.gateway.edge.sse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EventTextTest {
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(ByteBuf bytes) {
    try {
      return bytes.toString(StandardCharsets.UTF_8);
    } finally {
      bytes.release();
    }
  }

  @Test
  void is_an_event_as_browsers_read_it() {
    assertThat(text(new EventText(false, 0)
            .event("gap")
            .id(utf8("a:1:e"))
            .data(utf8("{}"))
            .bytes()))
        .isEqualTo("event: gap\nid: a:1:e\ndata: {}\n\n");
  }

  @Test
  void is_one_chunk_however_many_events_it_has() {
    assertThat(text(new EventText(true, 0).data(utf8("{}")).data(utf8("\"한\"")).bytes()))
        .isEqualTo("00000017\r\ndata: {}\n\ndata: \"한\"\n\n\r\n");
  }

  @Test
  void ends_the_answer_behind_its_last_event() {
    assertThat(text(new EventText(true, 0).retry(1_000).data(utf8("{}")).last()))
        .isEqualTo("00000017\r\nretry: 1000\n\ndata: {}\n\n\r\n0\r\n\r\n");
    assertThat(text(new EventText(false, 0).data(utf8("{}")).last())).isEqualTo("data: {}\n\n");
  }

  @Test
  void grows_beyond_what_was_said_of_its_size() {
    String large = "\"" + "x".repeat(70_000) + "\"";

    assertThat(text(new EventText(true, 10).data(utf8(large)).bytes()))
        .startsWith("0001117a\r\ndata: \"xxx")
        .hasSize(8 + 2 + 70_010 + 2);
  }

  @Test
  void keeps_a_connection_alive_by_what_no_client_tells() {
    assertThat(text(new EventText(true, 0).comment().bytes())).isEqualTo("00000003\r\n:\n\n\r\n");
  }
}
