package io.madang.dashboard.processing;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.service.UploadReceiver;
import io.madang.runtime.topic.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class StreamsOfChunksTest {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-05-01T12:00:00Z"), ZoneOffset.UTC);

  private final FakeSource source = new FakeSource();

  private static String sha256(String text) {
    return Digest.hex(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void give(UploadReceiver receiver, String... items) {
    for (String item : items) {
      receiver.item(Payload.ofJson(item));
    }
  }

  @Nested
  class A_stream_of_chunks {
    private final UploadReceiver receiver = DataStream.open(source, NOON);

    @Test
    void is_counted_and_hashed_and_told_of_chunk_by_chunk() {
      give(receiver, "{\"id\":\"a\",\"data\":\"ab\"}", "{\"id\":7,\"data\":\"c\"}");
      receiver.end();

      assertThat(source.progress)
          .containsExactly(
              "{\"processedChunks\":1,\"currentChunkId\":\"a\"}",
              "{\"processedChunks\":2,\"currentChunkId\":7}");
      assertThat(source.answers)
          .containsExactly(
              "{\"totalProcessed\":2,\"errors\":[],\"completedAt\":\"2026-05-01T12:00:00Z\","
                  + "\"bytes\":3,\"sha256\":\"" + sha256("abc") + "\"}");
    }

    @Test
    void hashes_the_chunk_itself_where_its_data_is_no_text() {
      give(receiver, "{\"id\":\"a\",\"data\":[1,2]}");
      receiver.end();

      assertThat(source.answers.get(0)).contains(sha256("{\"id\":\"a\",\"data\":[1,2]}"));
    }

    @Test
    void names_what_is_no_chunk_and_goes_on() {
      give(receiver, "\"text\"", "{\"data\":\"x\"}", "{\"id\":\"a\"}");
      receiver.end();

      assertThat(source.answers.get(0))
          .contains(
              "\"totalProcessed\":1",
              "[\"Error processing chunk 1: it is no object\",\"Error processing chunk 2: it has no id\"]");
    }

    @Test
    void names_only_so_many() {
      for (int i = 0; i <= DataStream.MAX_ERRORS; i++) {
        give(receiver, "1");
      }
      receiver.end();

      assertThat(source.answers.get(0))
          .contains("chunk " + DataStream.MAX_ERRORS + ":")
          .doesNotContain("chunk " + (DataStream.MAX_ERRORS + 1) + ":");
    }

    @Test
    void asks_for_one_more_for_each_that_came() {
      int ahead = source.asked;
      give(receiver, "{\"id\":1}", "1");

      assertThat(source.asked).isEqualTo(ahead + 2);
    }
  }

  @Nested
  class Bytes {
    private final UploadReceiver receiver = ChunkStream.open(source);

    @Test
    void are_counted_and_hashed() {
      give(receiver, "\"YWI=\"", "\"Yw==\"");
      receiver.end();

      assertThat(source.progress)
          .containsExactly("{\"chunks\":1,\"bytes\":2}", "{\"chunks\":2,\"bytes\":3}");
      assertThat(source.answers)
          .containsExactly("{\"chunks\":2,\"bytes\":3,\"sha256\":\"" + sha256("abc") + "\"}");
    }

    @Test
    void that_are_none_end_it_with_one_word() {
      give(receiver, "\"YWI=\"", "\"*\"", "\"YWI=\"", "7");
      receiver.end();

      assertThat(source.answers).containsExactly("bad-request");
    }
  }
}
