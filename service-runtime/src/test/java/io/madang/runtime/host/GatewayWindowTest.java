package io.madang.runtime.host;

import static io.madang.runtime.host.Published.at;
import static io.madang.runtime.host.Published.ephemeral;
import static io.madang.runtime.host.Published.log;
import static io.madang.runtime.host.Published.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.bus.BusMessage.Batch;
import io.madang.runtime.inspect.NodeReport.Window;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GatewayWindowTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private GatewayWindow window = window(16, 1_000_000);

  /** What left, in order. */
  private final List<Batch> sent = new ArrayList<>();

  private GatewayWindow window(int batches, int bytes) {
    return new GatewayWindow(
        "chat-1.a",
        "chat",
        7,
        new BatchLimits(batches, bytes, 100, Duration.ofMillis(200), 0),
        new BatchMeters(meters, "chat"),
        false);
  }

  /** Publishes in one turn, which ends. */
  private void turn(long nowMillis, Publication... publications) {
    for (Publication publication : publications) {
      sent.addAll(window.add(publication, nowMillis));
    }
    sent.addAll(window.flush(nowMillis));
  }

  /** One batch for each offset of {@code log:a}. */
  private void turns(long fromOffset, long toOffset) {
    for (long offset = fromOffset; offset <= toOffset; offset++) {
      turn(0, log("a", offset));
    }
  }

  private void taken(long... numbers) {
    sent.addAll(window.taken(LongStream.of(numbers).boxed().toList(), 0));
  }

  private List<Long> numbers() {
    return sent.stream().map(Batch::number).toList();
  }

  private static List<Long> numbers(List<Batch> batches) {
    return batches.stream().map(Batch::number).toList();
  }

  private static List<Long> offsets(Batch batch) {
    return batch.publications().stream().map(Publication::offset).toList();
  }

  private Batch last() {
    return sent.get(sent.size() - 1);
  }

  private double counted(String name, String outcome) {
    return meters.get(name).tag("outcome", outcome).counter().count();
  }

  @Nested
  class A_turn {
    @Test
    void leaves_as_one_numbered_batch() {
      turn(0, log("a", 1), log("b", 1), ephemeral("a"));
      turn(0, log("a", 2));
      turn(0);

      assertThat(numbers()).containsExactly(1L, 2L);
      assertThat(sent.get(0).publications()).hasSize(3);
      assertThat(sent).allMatch(batch -> batch.life() == 7);
    }

    @Test
    void with_too_many_publications_leaves_as_several() {
      for (long offset = 1; offset <= GatewayWindow.MAX_PUBLICATIONS + 1; offset++) {
        sent.addAll(window.add(log("a", offset), 0));
      }
      assertThat(sent).hasSize(1);
      turn(0);
      assertThat(offsets(last())).containsExactly(GatewayWindow.MAX_PUBLICATIONS + 1L);
    }

    @Test
    void with_too_many_bytes_leaves_as_several() {
      turn(0, log("a", 1, 200_000), log("a", 2, 100_000), log("a", 3));
      assertThat(sent.stream().map(GatewayWindowTest::offsets))
          .containsExactly(List.of(1L, 2L), List.of(3L));
    }
  }

  @Nested
  class An_operator {
    @Test
    void sees_what_is_on_its_way_until_it_is_acknowledged() {
      turns(1, 2);
      assertThat(window.inspect().batches()).isEqualTo(2);
      assertThat(window.inspect().bytes()).isEqualTo(2L * GatewayWindow.bytesOf(log("a", 1)));
      assertThat(window.inspect().blocked()).isFalse();

      taken(1, 2);

      assertThat(window.inspect()).isEqualTo(Window.EMPTY);
    }

    @Test
    void sees_what_a_blocked_gateway_is_not_sent() {
      turns(1, 17);
      assertThat(window.inspect().batches()).isEqualTo(16);
      assertThat(window.inspect().topicsLeftOut()).isEqualTo(1);
      assertThat(window.inspect().blocked()).isTrue();
    }
  }

  @Nested
  class A_batch_that_is_not_acknowledged {
    @Test
    void is_sent_again_after_200_ms_and_then_after_twice_as_long() {
      turn(0, log("a", 1));

      assertThat(window.tick(199)).isEmpty();
      assertThat(window.tick(200)).containsExactly(sent.get(0));
      assertThat(window.tick(599)).isEmpty();
      assertThat(numbers(window.tick(600))).containsExactly(1L);
    }

    @Test
    void is_not_sent_again_once_it_is() {
      turns(1, 2);
      taken(1);
      assertThat(numbers(window.tick(200))).containsExactly(2L);
      taken(2, 2, 99);
      assertThat(window.tick(10_000)).isEmpty();
      assertThat(window.hasInFlight()).isFalse();
    }

    @Test
    void says_which_older_one_may_still_come() {
      turns(1, 3);
      taken(1);
      turn(0, log("a", 4));
      assertThat(sent).extracting(Batch::floor).containsExactly(1L, 1L, 1L, 2L);
      taken(2);
      assertThat(window.tick(200)).extracting(Batch::floor).containsExactly(3L, 3L);
    }

    @Test
    void is_given_up_after_eight_times_and_its_positions_are_told_instead() {
      turn(0, log("a", 4), log("b", 9), ephemeral("b"), log("a", 5));
      List<Batch> again = new ArrayList<>();
      for (long now = 100; now < 11_000; now += 100) {
        again.addAll(window.tick(now));
      }
      assertThat(again).hasSize(GatewayWindow.MAX_SENT - 1).containsOnly(sent.get(0));

      List<Batch> instead = window.tick(11_000);
      assertThat(numbers(instead)).containsExactly(2L);
      assertThat(instead.get(0).floor()).isEqualTo(2);
      assertThat(instead.get(0).publications()).isEmpty();
      assertThat(instead.get(0).newest()).isEqualTo(Map.of(log("a"), at(5), log("b"), at(9)));
      assertThat(window.isBlocked()).isFalse();
      assertThat(counted("madang.batches", "given-up")).isOne();
    }

    @Test
    void comes_back_in_bounded_portions() {
      window = window(200, 1_000_000);
      turns(1, 100);
      assertThat(window.tick(200)).hasSize(GatewayWindow.MAX_RESENT);
      assertThat(window.tick(200)).hasSize(100 - GatewayWindow.MAX_RESENT);
    }
  }

  @Nested
  class A_gateway_that_acknowledges_nothing {
    @Test
    void is_sent_so_many_batches_and_no_more() {
      turns(1, 100);
      assertThat(sent).hasSize(16);
      assertThat(window.isBlocked()).isTrue();
    }

    @Test
    void is_sent_so_many_bytes_and_no_more() {
      window = window(1_000, 1_000_000);
      for (long offset = 1; offset <= 100; offset++) {
        turn(0, log("a", offset, 100_000));
      }
      assertThat(sent).hasSize(10);
    }

    @Test
    void is_told_of_each_topic_only_the_newest_position_once_it_has_taken_half() {
      turns(1, 16);
      turn(0, log("a", 17), log("b", 1));
      turn(0, log("a", 18), log("b", 2));
      taken(1, 2, 3, 4, 5, 6, 7);
      assertThat(sent).hasSize(16);
      taken(8);

      assertThat(last().newest()).isEqualTo(Map.of(log("a"), at(18), log("b"), at(2)));
      assertThat(last().publications()).isEmpty();
      assertThat(last().othersLeftOut()).isFalse();
      turn(0, log("a", 19));
      assertThat(offsets(last())).containsExactly(19L);
      assertThat(counted("madang.batches", "blocked")).isOne();
      assertThat(counted("madang.unsent.publications", "left-out")).isEqualTo(4);
    }

    @Test
    void is_sent_only_the_newest_state_of_each_key() {
      turns(1, 16);
      turn(0, state("s", "x", 1), state("s", "y", 2), state("s", "x", 3), state("s", "x", 4));
      taken(1, 2, 3, 4, 5, 6, 7, 8);

      assertThat(offsets(last())).containsExactly(2L, 4L);
      assertThat(last().publications()).extracting(Publication::previous).containsExactly(0L, 2L);
      assertThat(last().newest()).isEmpty();
      assertThat(counted("madang.unsent.publications", "conflated")).isEqualTo(2);
    }

    @Test
    void misses_ephemeral_ones_from_the_half_on() {
      turns(1, 8);
      turn(0, ephemeral("a"));
      turn(0, ephemeral("a"));
      assertThat(sent).hasSize(9);
      turns(10, 16);
      turn(0, ephemeral("a"));
      taken(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
      assertThat(sent).hasSize(16);
      assertThat(counted("madang.unsent.publications", "dropped")).isEqualTo(2);
    }

    @Test
    void compares_all_when_more_topics_were_left_out_than_are_remembered() {
      turns(1, 16);
      for (int i = 0; i <= 100; i++) {
        turn(0, log("t" + i, 1));
      }
      taken(1, 2, 3, 4, 5, 6, 7, 8);
      assertThat(last().newest()).hasSize(100);
      assertThat(last().othersLeftOut()).isTrue();
    }

    @Test
    void hears_of_many_topics_in_several_batches() {
      window = new GatewayWindow(
          "chat-1.a",
          "chat",
          7,
          new BatchLimits(16, 1_000_000, 10_000, Duration.ofMillis(200), 0),
          new BatchMeters(meters, "chat"),
          false);
      turns(1, 16);
      for (int i = 0; i < 2_500; i++) {
        turn(0, log("t" + i, 1));
      }
      taken(1, 2, 3, 4, 5, 6, 7, 8);
      assertThat(sent.subList(16, sent.size()))
          .extracting(batch -> batch.newest().size())
          .containsExactly(1_000, 1_000, 500);
    }
  }

  @Nested
  class A_silent_gateway {
    @Test
    void is_sent_nothing_nor_sent_again() {
      turns(1, 1);
      window.fellSilent();
      turns(2, 9);
      assertThat(sent).hasSize(1);
      assertThat(window.tick(60_000)).isEmpty();
    }

    @Test
    void is_sent_again_what_it_did_not_take_and_told_the_rest_when_it_returns() {
      turns(1, 1);
      window.fellSilent();
      turns(2, 9);

      List<Batch> batches = window.returned(60_000);
      assertThat(numbers(batches)).containsExactly(1L, 2L);
      assertThat(batches.get(0)).isEqualTo(sent.get(0));
      assertThat(batches.get(1).newest()).isEqualTo(Map.of(log("a"), at(9)));
      assertThat(window.returned(60_000)).isEmpty();
    }

    @Test
    void that_takes_what_came_late_is_still_sent_nothing() {
      turns(1, 1);
      window.fellSilent();
      turns(2, 2);
      taken(1);
      assertThat(sent).hasSize(1);
      assertThat(window.returned(60_000)).hasSize(1);
    }
  }

  @Test
  void what_was_gathered_when_it_fell_silent_is_left_out_with_the_rest() {
    Topic topic = log("a");
    window.add(log("a", 1), 0);
    window.fellSilent();
    window.add(log("a", 2), 0);
    assertThat(window.flush(0)).isEmpty();
    assertThat(window.returned(0))
        .singleElement()
        .satisfies(batch -> assertThat(batch.newest()).isEqualTo(Map.of(topic, at(2))));
  }

  @Test
  void over_a_bus_that_loses_and_doubles_everything_arrives_or_is_told() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Set<Long> arrived = new HashSet<>();
    long told = 0;
    List<Long> acknowledged = new ArrayList<>();
    List<Batch> underWay = new ArrayList<>();
    long offset = 0;
    for (long now = 0; now < 200_000; now += 10) {
      boolean publishing = now < 100_000;
      if (publishing && random.nextInt(3) == 0) {
        underWay.addAll(window.add(log("a", ++offset), now));
      }
      underWay.addAll(window.flush(now));
      underWay.addAll(window.tick(now));
      for (Batch batch : underWay) {
        if (random.nextInt(10) < 4) {
          continue;
        }
        arrived.addAll(offsets(batch));
        told = Math.max(told, batch.newest().getOrDefault(log("a"), at(0)).offset());
        acknowledged.add(batch.number());
      }
      underWay.clear();
      if (random.nextInt(10) < 6) {
        underWay.addAll(window.taken(List.copyOf(acknowledged), now));
        acknowledged.clear();
      } else if (random.nextInt(10) < 3) {
        acknowledged.clear();
      }
    }

    assertThat(window.hasInFlight()).as("seed %s", seed).isFalse();
    assertThat(window.isBlocked()).as("seed %s", seed).isFalse();
    long newestTold = told;
    for (long each = 1; each <= offset; each++) {
      assertThat(arrived.contains(each) || each <= newestTold)
          .as("offset %s of %s, seed %s", each, offset, seed)
          .isTrue();
    }
  }
}
