package io.madang.benchmarks.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.benchmarks.hearing.Mark;
import io.madang.benchmarks.hearing.Scan;
import io.madang.benchmarks.hearing.SequenceCheck;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Two clients of one topic, told frames as a gateway sends them. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HeardByManyTest {
  private static final int SENDER = 3;

  private ClientLoop loop;
  private Client first;
  private Client second;

  @BeforeEach
  void subscribe() throws IOException {
    loop = new ClientLoop();
    loop.ledger().begin("measured", 0);
    Group group = new Group(
        0,
        "hearing",
        new MadangDoor(MadangDoor.Letters.ROOM),
        List.of(),
        false,
        0,
        0,
        new ArrayList<>());
    first = new Client(loop, group, 0, "", new InetSocketAddress(0));
    second = new Client(loop, group, 1, "", new InetSocketAddress(0));
    for (Client each : List.of(first, second)) {
      tell(
          each,
          "{\"type\":\"subscribed\",\"ref\":5,\"topic\":\"room:a\",\"position\":{\"epoch\":\"e.1\",\"offset\":7},"
              + "\"recovered\":false,\"publications\":[]}");
    }
  }

  private static void tell(Client client, String text) {
    byte[] bytes = Scan.ascii("..." + text + "...");
    client.message(bytes, 3, bytes.length - 3);
  }

  private static String publication(long offset, long prev, long number) {
    String text = Scan.text(Mark.text(60, number, SENDER, 1_000 * number), 0, 60);
    return "{\"type\":\"publication\",\"topic\":\"room:a\",\"epoch\":\"e.1\",\"offset\":" + offset
        + ",\"prev\":" + prev + ",\"event\":\"message\",\"data\":{\"text\":\"" + text + "\"}}";
  }

  private long deliveries() {
    return loop.ledger().deliveries();
  }

  private static SequenceCheck checkOf(Client client) {
    return client.subscriptions().iterator().next().check();
  }

  @Test
  void each_delivery_counts_with_the_time_since_it_was_due() {
    loop.ledger().comesAt(500_000);
    for (Client each : List.of(first, second)) {
      tell(each, publication(8, 7, 100));
    }

    assertThat(deliveries()).isEqualTo(2);
    assertThat(loop.ledger().phases().get(0).of(0).micros().getMaxValue()).isEqualTo(400);
    assertThat(checkOf(second).last()).isEqualTo(8);
  }

  @Test
  void other_bytes_at_the_same_offset_are_seen() {
    tell(first, publication(8, 7, 100));
    tell(second, publication(8, 7, 101));

    assertThat(loop.ledger().differing()).isEqualTo(1);
  }

  @Test
  void one_that_the_second_does_not_get_is_lost_to_it_alone() {
    for (long offset = 8; offset <= 10; offset++) {
      tell(first, publication(offset, offset - 1, offset));
      if (offset != 9) {
        tell(second, publication(offset, offset - 1, offset));
      }
    }

    assertThat(checkOf(first).lost(10)).isZero();
    assertThat(checkOf(second).lost(10)).isEqualTo(1);
    assertThat(checkOf(second).holes()).isEqualTo(1);
  }

  @Test
  void two_that_the_second_gets_the_wrong_way_round_are_seen() {
    for (long offset = 8; offset <= 10; offset++) {
      tell(first, publication(offset, offset - 1, offset));
    }
    tell(second, publication(8, 7, 8));
    tell(second, publication(10, 9, 10));
    tell(second, publication(9, 8, 9));

    assertThat(checkOf(second).reordered()).isEqualTo(1);
    assertThat(deliveries()).isEqualTo(6);
  }

  @Test
  void one_that_the_second_gets_again_is_doubled_and_counts_once() {
    tell(first, publication(8, 7, 8));
    tell(second, publication(8, 7, 8));
    tell(second, publication(8, 7, 8));

    assertThat(checkOf(second).doubled()).isEqualTo(1);
    assertThat(deliveries()).isEqualTo(2);
  }

  @Test
  void a_message_under_two_offsets_is_seen() {
    tell(first, publication(8, 7, 100));
    tell(first, publication(9, 8, 100));

    assertThat(loop.ledger().repeated()).isEqualTo(1);
  }

  @Test
  void a_sender_whose_messages_change_places_is_seen() {
    tell(first, publication(8, 7, 101));
    tell(first, publication(9, 8, 100));

    assertThat(loop.ledger().log("room:a").outOfOrder()).isEqualTo(1);
  }

  @Test
  void an_accepted_message_that_nobody_heard_is_seen() {
    loop.ledger().onAccepted(100, 0);

    assertThat(loop.ledger().unheard()).isEqualTo(1);
  }

  @Nested
  class An_answer_to_a_resume {
    @Test
    void continues_where_the_client_was() {
      for (long offset = 8; offset <= 10; offset++) {
        tell(first, publication(offset, offset - 1, offset));
      }
      tell(second, publication(8, 7, 8));
      String missed = (publication(9, 8, 9) + "," + publication(10, 9, 10))
          .replace("\"type\":\"publication\",", "");
      tell(
          second,
          "{\"type\":\"resumed\",\"ref\":9,\"topics\":[{\"topic\":\"room:a\",\"position\":{\"epoch\":\"e.1\","
              + "\"offset\":10},\"recovered\":true,\"publications\":[" + missed + "]}]}");

      assertThat(checkOf(second).lost(10)).isZero();
      assertThat(deliveries()).isEqualTo(6);
      assertThat(loop.ledger().differing()).isZero();
      assertThat(loop.ledger().gaps()).isZero();
    }

    @Test
    void is_read_publication_by_publication_when_nobody_heard_them_before() {
      String missed = (publication(8, 7, 8) + "," + publication(9, 8, 9))
          .replace("\"type\":\"publication\",", "");
      tell(
          second,
          "{\"type\":\"resumed\",\"ref\":9,\"topics\":[{\"topic\":\"room:a\",\"position\":{\"epoch\":\"e.1\","
              + "\"offset\":9},\"recovered\":true,\"publications\":[" + missed + "]}]}");
      loop.ledger().onAccepted(8, 0);
      loop.ledger().onAccepted(9, 0);

      assertThat(loop.ledger().unheard()).isZero();
      assertThat(loop.ledger().repeated()).isZero();
    }

    @Test
    void that_tells_less_than_was_missed_is_a_gap() {
      tell(
          second,
          "{\"type\":\"resumed\",\"ref\":9,\"topics\":[{\"topic\":\"room:a\",\"position\":{\"epoch\":\"e.1\","
              + "\"offset\":10},\"recovered\":false,\"publications\":[]}]}");

      assertThat(loop.ledger().gaps()).isEqualTo(1);
    }
  }
}
