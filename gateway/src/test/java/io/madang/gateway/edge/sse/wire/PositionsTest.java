package io.madang.gateway.edge.sse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PositionsTest {
  private static final Topic A = Topic.parse("room:a");
  private static final Topic B = Topic.parse("room:b");
  private static final Topic C = Topic.parse("metric:한글, with: a comma");

  private static String id(Positions positions) {
    return new String(positions.id(), StandardCharsets.UTF_8);
  }

  @Nested
  class An_id {
    @Test
    void says_where_each_topic_stands() {
      Positions positions = new Positions(List.of(A, B, C));
      positions.moveTo(A, new StreamPosition("e1", 7));
      positions.moveTo(C, new StreamPosition("e,:2\n", 8));

      Positions read = Positions.read(List.of(C, B, A), id(positions));

      assertThat(read.of(A)).contains(new StreamPosition("e1", 7));
      assertThat(read.of(B)).isEmpty();
      assertThat(read.of(C)).contains(new StreamPosition("e,:2\n", 8));
    }

    @Test
    void names_an_epoch_once_that_follows_itself() {
      Positions positions = new Positions(List.of(A, B, C));
      positions.moveTo(A, new StreamPosition("e1", 1));
      positions.moveTo(B, new StreamPosition("e1", 2));
      positions.moveTo(C, new StreamPosition("e2", 3));

      assertThat(id(positions)).matches("[0-9a-z]{8}:1:e1,[0-9a-z]{8}:2:,[0-9a-z]{8}:3:e2");
      assertThat(Positions.read(List.of(B), id(positions)).of(B))
          .contains(new StreamPosition("e1", 2));
    }

    @Test
    void of_one_topic_is_the_same_in_every_stream_of_it() {
      Positions positions = new Positions(List.of(A));
      positions.moveTo(A, new StreamPosition("e1", 5));

      assertThat(positions.isOfOneTopic()).isTrue();
      assertThat(positions.id()).isEqualTo(Positions.id(A, new StreamPosition("e1", 5)));
    }

    @Test
    void says_nothing_of_topics_that_were_not_heard_yet_or_are_not_any_more() {
      Positions positions = new Positions(List.of(A, B));
      assertThat(positions.id()).isEmpty();
      positions.moveTo(A, new StreamPosition("e1", 5));
      positions.moveTo(B, new StreamPosition("e2", 6));
      positions.forget(A);

      assertThat(Positions.read(List.of(A, B), id(positions)).of(A)).isEmpty();
      assertThat(Positions.read(List.of(A, B), id(positions)).of(B))
          .contains(new StreamPosition("e2", 6));
    }

    @Test
    void of_twenty_topics_fits_a_header_well() {
      List<Topic> topics =
          IntStream.range(0, 20).mapToObj(i -> Topic.parse("room:" + i)).toList();
      Positions positions = new Positions(topics);
      topics.forEach(topic -> positions.moveTo(
          topic,
          new StreamPosition(
              "0f8fad5b-d9cb-469f-a165-70867728950e" + topic.id() + ".67a3c5f10b2d4e88.1",
              9_007_199_254_740_991L)));

      assertThat(positions.id().length).isLessThan(2_048);
    }
  }

  @Nested
  class Whatever_a_client_names {
    @Test
    void is_read_or_counts_for_nothing() {
      SplittableRandom random = new SplittableRandom(5);
      String alphabet = "ab1:,%.-é\u0000 ";
      for (int i = 0; i < 20_000; i++) {
        StringBuilder id = new StringBuilder();
        for (int length = random.nextInt(40); length > 0; length--) {
          id.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        assertThat(Positions.read(List.of(A), id.toString()).of(A)).isEmpty();
      }
      assertThat(Positions.read(List.of(A), "x".repeat(20_000)).of(A)).isEmpty();
    }

    @Test
    void counts_for_nothing_beyond_what_a_position_may_be() {
      Positions positions = new Positions(List.of(A));
      positions.moveTo(A, new StreamPosition("e1", 7));
      String id = id(positions);

      assertThat(Positions.read(List.of(A), id.replace(":7:", ":9007199254740991:"))
              .of(A))
          .isPresent();
      assertThat(Positions.read(List.of(A), id.replace(":7:", ":9007199254740992:"))
              .of(A))
          .isEmpty();
      assertThat(Positions.read(List.of(A), id.replace("e1", "e".repeat(65))).of(A))
          .isEmpty();
    }
  }
}
