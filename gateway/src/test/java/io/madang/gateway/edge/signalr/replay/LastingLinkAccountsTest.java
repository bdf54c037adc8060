package io.madang.gateway.edge.signalr.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.edge.relay.FakeTaker;
import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Unread;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.edge.signalr.wire.BadHubMessageException;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.identity.Credential;
import io.madang.protocol.code.CloseCode;
import io.madang.runtime.config.Secret;
import io.madang.runtime.topic.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What such a connection counts and remembers, who may do what with it, and that nothing is left of it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LastingLinkAccountsTest extends LastingLinkStage {
  private static final Duration ALMOST = WINDOW.minusMillis(500);

  private final List<Integer> outcomes = new ArrayList<>();

  private void brings(long from, int bytes) {
    link.deliver(from, Payload.wrap(new byte[bytes]), outcomes::add);
  }

  private Waiting asks(long number, FakeTaker socket) {
    assertThat(link.claim(number)).isTrue();
    return link.receive(number, socket);
  }

  @Nested
  class A_WebSocket {
    @Test
    void keeps_the_connection_as_long_as_it_carries_it() {
      carriedBy(1);
      pass(WINDOW.multipliedBy(2));

      assertThat(link.isOver()).isFalse();
    }

    @Test
    void that_did_not_claim_it_last_is_cut() {
      numbered();
      assertThat(link.claim(2)).isTrue();
      FakeTaker first = new FakeTaker();
      link.receive(1, first);

      assertThat(first.status).isEqualTo(CarrierEnd.CUT);
      assertThat(link.isAway()).isTrue();
    }

    @Test
    void that_asks_twice_is_cut_the_second_time() {
      FakeTaker once = carriedBy(1);
      FakeTaker twice = new FakeTaker();
      link.receive(1, twice);

      assertThat(twice.status).isEqualTo(CarrierEnd.CUT);
      assertThat(once.status).isZero();
    }

    @Test
    void that_asks_for_what_is_over_is_cut_and_brings_it_nothing() {
      assertThat(link.claim(1)).isTrue();
      link.cut();
      FakeTaker late = new FakeTaker();
      link.receive(1, late);
      brings(1, 1);

      assertThat(late.status).isEqualTo(CarrierEnd.CUT);
      assertThat(outcomes).containsExactly(Home.UNKNOWN);
      assertThat(conversation.told).containsExactly("[closed]");
      assertThat(owner).containsExactly("over");
    }

    @Test
    void that_is_lost_brings_nothing_more() {
      numbered();
      link.ended(1, CarrierEnd.LOST);
      brings(1, 1);

      assertThat(outcomes).containsExactly(Home.UNKNOWN);
    }

    @Test
    void that_ends_after_the_connection_tells_nothing() {
      numbered();
      link.cut();
      link.ended(1, CloseCode.MESSAGE_TOO_BIG.code());

      assertThat(conversation.told).containsExactly("[closed]");
    }

    @Test
    void shows_by_coming_and_without_words_that_its_client_is_there() {
      carriedBy(1);
      assertThat(conversation.heard).isEqualTo(1);
      assertThat(conversation.written).isEqualTo(1);
      brings(1, 0);

      assertThat(conversation.heard).isEqualTo(2);
      assertThat(outcomes).containsExactly(Home.TAKEN);
      assertThat(conversation.told).isEmpty();
    }

    @Test
    void of_which_the_other_side_is_gone_is_lost() {
      FakeTaker socket = new FakeTaker();
      Waiting carrier = asks(1, socket);
      link.numbered(HubFormat.JSON);
      carrier.gone();

      assertThat(link.isAway()).isTrue();
      assertThat(owner).containsExactly("back", "away");
    }

    @Test
    void is_cut_with_the_connection() {
      FakeTaker socket = numbered();
      link.cut();

      assertThat(socket.status).isEqualTo(CarrierEnd.CUT);
    }
  }

  @Nested
  class The_window {
    @Test
    void begins_anew_with_each_claim() {
      numbered();
      link.ended(1, CarrierEnd.LOST);
      pass(ALMOST);
      assertThat(link.claim(2)).isTrue();
      pass(ALMOST);
      assertThat(link.isOver()).isFalse();
      pass(Duration.ofSeconds(1));

      assertThat(link.isOver()).isTrue();
    }

    @Test
    void holds_for_what_was_left_elsewhere() {
      LastingLink restored = link(Optional.of(new Kept(false, 0, List.of(), 0)));
      pass(ALMOST);
      assertThat(restored.isOver()).isFalse();
      pass(Duration.ofSeconds(1));

      assertThat(restored.isOver()).isTrue();
    }
  }

  @Nested
  class What_is_queued {
    @Test
    void is_what_was_said_early_until_somebody_asks_and_then_what_is_on_its_way() {
      assertThat(link.claim(1)).isTrue();
      link.send(bytes("early"));
      assertThat(link.queuedBytes()).isEqualTo(5);
      Waiting carrier = link.receive(1, new FakeTaker());
      assertThat(link.queuedBytes()).isEqualTo(5);
      assertThat(link.takenBytes()).isZero();
      int before = conversation.written;
      carrier.taken(3);

      assertThat(link.queuedBytes()).isEqualTo(2);
      assertThat(link.takenBytes()).isEqualTo(3);
      assertThat(conversation.written).isEqualTo(before + 1);
    }

    @Test
    void is_all_taken_in_the_end_with_and_without_a_number() {
      Waiting carrier = asks(1, new FakeTaker());
      link.send(bytes("{}"));
      link.numbered(HubFormat.JSON);
      ping();
      say("four");
      link.send(bytes("ping"));
      carrier.taken(10);

      assertThat(link.queuedBytes()).isZero();
      assertThat(link.takenBytes()).isEqualTo(10);
    }

    @Test
    void is_nothing_on_its_way_to_who_is_lost() {
      numbered();
      say("one");
      link.ended(1, CarrierEnd.LOST);
      link.send(bytes("a ping"));

      assertThat(link.queuedBytes()).isZero();
    }

    @Test
    void is_no_business_of_a_WebSocket_that_was_cut() {
      Waiting first = asks(1, new FakeTaker());
      link.numbered(HubFormat.JSON);
      asks(2, new FakeTaker());
      long before = link.queuedBytes();
      first.taken(7);

      assertThat(link.queuedBytes()).isEqualTo(before);
    }

    @Test
    void is_nothing_once_the_connection_is_over() {
      link.cut();
      link.send(bytes("late"));
      link.send(bytes("late"), 1);

      assertThat(link.queuedBytes()).isZero();
      assertThat(budget.keptBytes()).isZero();
    }

    @Test
    void is_nothing_that_counts_once_the_connection_is_over() {
      numbered();
      link.cut();
      say("late");

      assertThat(link.queuedBytes()).isZero();
      assertThat(budget.keptBytes()).isZero();
    }
  }

  @Nested
  class What_waits_for_a_conversation_that_does_not_read {
    @Test
    void is_taken_in_order_when_it_reads_and_what_comes_meanwhile_waits_behind() {
      numbered();
      link.setReading(false);
      assertThat(deliver(1, "a")).isZero();
      link.setReading(true);
      assertThat(deliver(1, "b")).isZero();
      turn();

      assertThat(conversation.told).containsExactly("a", "b");
    }

    @Test
    void is_answered_when_it_is_read() {
      numbered();
      link.setReading(false);
      brings(1, 1);
      assertThat(outcomes).isEmpty();
      link.setReading(true);
      turn();

      assertThat(outcomes).containsExactly(Home.TAKEN);
    }

    @Test
    void waits_on_when_reading_ends_before_its_turn() {
      numbered();
      link.setReading(false);
      brings(1, 1);
      link.setReading(true);
      link.setReading(false);
      turn();

      assertThat(outcomes).isEmpty();
    }

    @Test
    void is_bounded_and_the_rest_is_refused() {
      numbered();
      link.setReading(false);
      brings(1, Unread.MAX_BYTES - 1);
      brings(1, 1);
      assertThat(outcomes).isEmpty();
      brings(1, 1);
      assertThat(outcomes).containsExactly(Home.UNKNOWN);
      link.setReading(true);
      turn();
      link.setReading(false);
      brings(1, Unread.MAX_BYTES);

      assertThat(outcomes).containsExactly(Home.UNKNOWN, Home.TAKEN, Home.TAKEN);
    }

    @Test
    void is_refused_when_its_WebSocket_is_lost_so_that_there_is_room_for_the_next() {
      numbered();
      link.setReading(false);
      brings(1, Unread.MAX_BYTES);
      carriedBy(2);
      assertThat(outcomes).containsExactly(Home.UNKNOWN);
      brings(2, Unread.MAX_BYTES);

      assertThat(outcomes).hasSize(1);
    }

    @Test
    void is_refused_when_the_connection_is_over() {
      numbered();
      link.setReading(false);
      brings(1, 1);
      link.setReading(true);
      link.cut();
      turn();

      assertThat(outcomes).containsExactly(Home.UNKNOWN);
      assertThat(conversation.told).containsExactly("[closed]");
    }
  }

  @Nested
  class Confirmations {
    @Test
    void are_said_again_for_what_comes_later() throws BadHubMessageException {
      FakeTaker socket = numbered();
      link.takes(call());
      pass(Duration.ofMillis(1_250));
      link.takes(call());
      pass(Duration.ofMillis(1_250));

      assertThat(socket.frames).containsExactly(ack(1), ack(2));
    }

    @Test
    void are_said_to_nobody_who_is_away() throws BadHubMessageException {
      numbered();
      link.takes(call());
      link.ended(1, CarrierEnd.LOST);
      pass(Duration.ofSeconds(2));

      assertThat(link.queuedBytes()).isZero();
    }
  }

  @Nested
  class A_client_that_comes_back_before_it_counted {
    @Test
    void is_told_what_waits_as_it_counts_by_then() {
      carriedBy(1);
      link.numbered(HubFormat.JSON);
      say("one");

      assertThat(carriedBy(2).frames).containsExactly(sequence(1), "one");
    }
  }

  @Nested
  class A_connection_that_is_over {
    @Test
    void waits_for_nobody_and_confirms_nothing_any_more() throws BadHubMessageException {
      numbered();
      link.takes(call());
      link.ended(1, CarrierEnd.LOST);
      link.cut();
      pass(WINDOW.multipliedBy(2));

      assertThat(met).isZero();
    }

    @Test
    void does_not_wait_for_its_client_to_count() {
      carriedBy(1);
      link.numbered(HubFormat.JSON);
      link.cut();
      pass(WINDOW);

      assertThat(met).isZero();
    }

    @Test
    void has_nothing_queued_that_waited_for_a_WebSocket_or_for_confirmations() {
      assertThat(link.claim(1)).isTrue();
      link.send(bytes("early"));
      link.numbered(HubFormat.JSON);
      say("waits until somebody counts");
      link.cut();

      assertThat(link.queuedBytes()).isZero();
    }

    @Test
    void is_told_so_once() {
      link.cut();
      link.cut();
      link.close();

      assertThat(conversation.told).containsExactly("[closed]");
      assertThat(owner).containsExactly("over");
    }
  }

  @Nested
  class A_connection {
    @Test
    void does_not_wait_for_a_client_to_count_that_does() {
      numbered();
      pass(Saying.UNCOUNTED.multipliedBy(2));

      assertThat(met).isZero();
    }

    @Test
    void of_text_says_nothing_of_that() {
      FakeTaker socket = carriedBy(1);
      link.speaksBytes(false);

      assertThat(socket.frames).isEmpty();
    }

    @Test
    void says_once_what_waits_when_nothing_comes_behind_it() {
      FakeTaker socket = carriedBy(1);
      link.numbered(HubFormat.JSON);
      say("one");
      link.sayAll();
      link.sayAll();

      assertThat(socket.frames).containsExactly("one");
      assertThat(link.queuedBytes()).as("on its way").isEqualTo(3);
    }

    private LastingLink unknown() {
      return new LastingLink(new ResumeRules(WINDOW, MAX_BYTES, budget), times, its);
    }

    @Test
    void that_refused_itself_before_it_was_known_is_over_for_its_conversation() {
      LastingLink refused = unknown();
      refused.close();
      assertThat(conversation.told).isEmpty();
      refused.speaks(conversation);

      assertThat(conversation.told).containsExactly("[closed]");
    }

    @Test
    void hears_of_newer_credentials_until_it_is_over() {
      Credential newer = new Credential.Bearer(new Secret("newer"));
      link.shown(newer);
      link.cut();
      link.shown(newer);

      assertThat(conversation.told).containsExactly("[newer]", "[closed]");
    }

    @Test
    void that_ended_before_it_was_told_of_no_place_is_not_told_any_more() {
      numbered();
      assertThat(budget.take(250)).isTrue();
      say("x");
      link.cut();
      turn();

      assertThat(conversation.told).containsExactly("[closed]");
    }

    @Test
    void is_taken_for_heard_only_while_a_client_that_may_come_is_away() {
      link.probe();
      numbered();
      int before = conversation.heard;
      link.probe();
      assertThat(conversation.heard).isEqualTo(before);
      link.cut();
      link.probe();

      assertThat(conversation.heard).isEqualTo(before);
      assertThat(before).as("of the WebSocket that came").isEqualTo(1);
    }

    @Test
    void may_move_once_it_is_numbered_and_until_it_is_over_if_its_owner_lets_it() {
      assertThat(link.mayMove()).isFalse();
      numbered();
      assertThat(link.mayMove()).isTrue();
      mayMove = false;
      assertThat(link.mayMove()).isFalse();
      mayMove = true;
      link.cut();

      assertThat(link.mayMove()).isFalse();
    }

    @Test
    void of_bytes_is_one_of_bytes_wherever_it_goes_on() {
      carriedBy(1);
      link.speaksBytes(true);
      link.numbered(HubFormat.MESSAGE_PACK);
      link.move(new HubMemory(true, Optional.empty(), Map.of()), done -> {});
      assertThat(moved.get(0).isBinary()).isTrue();
      LastingLink restored = link(Optional.of(moved.get(0)));
      FakeTaker socket = new FakeTaker();
      assertThat(restored.claim(5)).isTrue();
      restored.receive(5, socket);

      assertThat(socket.frames)
          .containsExactly(
              "", new String(HubFormat.MESSAGE_PACK.write(new HubMessage.Sequence(1)), UTF_8));
    }

    @Test
    void has_no_place_where_there_is_no_room_for_what_was_kept() {
      assertThat(budget.take(248)).isTrue();

      assertThat(link(Optional.of(new Kept(false, 1, List.of(new Piece(bytes("abc"), 1)), 0)))
              .hasPlace())
          .isFalse();
    }
  }
}
