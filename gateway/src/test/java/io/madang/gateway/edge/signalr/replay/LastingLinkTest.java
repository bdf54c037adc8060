package io.madang.gateway.edge.signalr.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.gateway.edge.relay.FakeTaker;
import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.edge.signalr.wire.BadHubMessageException;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.protocol.code.CloseCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LastingLinkTest extends LastingLinkStage {
  @Nested
  class Before_messages_are_numbered {
    @Test
    void what_is_said_waits_for_the_first_WebSocket() {
      assertThat(link.claim(1)).isTrue();
      assertThat(deliver(1, "hello")).isEqualTo(Home.TAKEN);
      link.send(bytes("early"));
      FakeTaker socket = new FakeTaker();
      link.receive(1, socket);

      assertThat(conversation.told).containsExactly("hello");
      assertThat(socket.frames).containsExactly("early");
    }

    @Test
    void nothing_is_counted_on_either_side() throws BadHubMessageException {
      FakeTaker first = carriedBy(1);
      say("one");
      assertThat(link.takes(call())).isTrue();
      assertThat(link.takes(new HubMessage.Sequence(7))).isTrue();
      link.numbered(HubFormat.JSON);

      assertThat(first.frames).containsExactly("one");
      assertThat(carriedBy(2).frames).containsExactly(sequence(1));
      pass(Duration.ofSeconds(3));
      assertThat(conversation.told).containsExactly("[other transport]");
    }

    @Test
    void what_was_said_early_is_said_to_the_first_WebSocket_alone() {
      assertThat(link.claim(1)).isTrue();
      link.send(bytes("early"));
      link.receive(1, new FakeTaker());
      link.numbered(HubFormat.JSON);

      assertThat(carriedBy(2).frames).containsExactly(sequence(1));
    }

    @Test
    void no_other_WebSocket_may_carry_it() {
      carriedBy(1);

      assertThat(link.claim(2)).isFalse();
      assertThat(deliver(2, "x")).isEqualTo(Home.UNKNOWN);
    }

    @Test
    void it_ends_with_its_WebSocket() {
      carriedBy(1);
      link.ended(1, CarrierEnd.LOST);

      assertThat(conversation.told).containsExactly("[closed]");
      assertThat(owner).containsExactly("back", "over");
    }

    @Test
    void it_ends_when_the_WebSocket_that_claimed_it_never_comes() {
      assertThat(link.claim(1)).isTrue();
      pass(WINDOW.minusMillis(250));
      assertThat(link.isOver()).isFalse();
      pass(Duration.ofMillis(500));

      assertThat(link.isOver()).isTrue();
    }
  }

  @Nested
  class The_first_WebSocket {
    @Test
    void that_asks_late_is_told_all_from_the_begin_and_no_number() {
      assertThat(link.claim(1)).isTrue();
      deliver(1, "a handshake");
      link.send(bytes("{}"));
      link.numbered(HubFormat.JSON);
      say("one");
      FakeTaker socket = new FakeTaker();
      link.receive(1, socket);
      say("two");

      assertThat(socket.frames).as("before it counts").containsExactly("{}");
      ping();
      assertThat(socket.frames).containsExactly("{}", "one", "two");
    }

    @Test
    void that_asks_after_that_while_is_told_all_at_once() {
      assertThat(link.claim(1)).isTrue();
      link.send(bytes("{}"));
      link.numbered(HubFormat.JSON);
      say("one");
      pass(Duration.ofSeconds(3));
      FakeTaker socket = new FakeTaker();
      link.receive(1, socket);

      assertThat(socket.frames).containsExactly("{}", "one");
    }

    @Test
    void that_does_not_ping_is_told_all_after_a_while() {
      FakeTaker socket = carriedBy(1);
      link.numbered(HubFormat.JSON);
      say("one");
      pass(Duration.ofSeconds(2).minusMillis(DeadlineWheel.TICK_MS));
      assertThat(socket.frames).isEmpty();
      pass(Duration.ofMillis(2 * DeadlineWheel.TICK_MS));
      assertThat(socket.frames).containsExactly("one");
    }
  }

  @Nested
  class A_client_that_comes_back {
    @Test
    void is_told_which_number_is_next_then_what_it_has_not_confirmed_then_what_is_new()
        throws BadHubMessageException {
      numbered();
      say("one");
      say("two");
      say("three");
      link.takes(new HubMessage.Ack(1));
      link.ended(1, CarrierEnd.LOST);
      say("four");
      link.send(bytes("a ping"));
      FakeTaker second = carriedBy(2);
      say("five");

      assertThat(second.frames).containsExactly(sequence(2), "two", "three", "four", "five");
      assertThat(owner).containsExactly("back", "away", "back");
    }

    @Test
    void is_told_the_next_number_when_it_has_all() throws BadHubMessageException {
      numbered();
      say("one");
      link.takes(new HubMessage.Ack(1));
      link.ended(1, CarrierEnd.LOST);

      assertThat(carriedBy(2).frames).containsExactly(sequence(2));
    }

    @Test
    void takes_over_from_a_WebSocket_that_looks_alive() {
      FakeTaker first = numbered();
      say("one");
      FakeTaker second = carriedBy(2);

      assertThat(first.status).isEqualTo(CarrierEnd.CUT);
      assertThat(second.frames).containsExactly(sequence(1), "one");
      assertThat(deliver(1, "late")).isEqualTo(Home.UNKNOWN);
      link.ended(1, CarrierEnd.GOODBYE);
      assertThat(deliver(2, "new")).isEqualTo(Home.TAKEN);
      assertThat(conversation.told).containsExactly("[other transport]", "new");
    }

    @Test
    void is_not_heard_before_it_says_which_number_is_next() throws BadHubMessageException {
      numbered();
      assertThat(link.takes(call())).isTrue();
      assertThat(link.takes(call())).isTrue();
      carriedBy(2);

      assertThat(link.takes(call())).isFalse();
      assertThat(link.takes(new HubMessage.Ping())).isFalse();
      assertThat(link.takes(new HubMessage.Sequence(2))).isFalse();
      assertThat(link.takes(call())).as("number 2, heard before").isFalse();
      assertThat(link.takes(new HubMessage.Ping())).isTrue();
      assertThat(link.takes(call())).as("number 3").isTrue();
    }

    @Test
    void may_not_leave_anything_out() throws BadHubMessageException {
      numbered();
      link.takes(call());
      carriedBy(2);

      assertThatThrownBy(() -> link.takes(new HubMessage.Sequence(3)))
          .isInstanceOf(BadHubMessageException.class);
    }

    @Test
    void is_told_first_that_bytes_follow_where_they_do() {
      FakeTaker first = carriedBy(1);
      link.speaksBytes(true);
      link.numbered(HubFormat.MESSAGE_PACK);
      assertThat(first.frames).containsExactly("");

      assertThat(carriedBy(2).frames.get(0)).isEmpty();
    }

    @Test
    void comes_too_late_after_the_window() {
      numbered();
      say("one");
      link.ended(1, CarrierEnd.LOST);
      pass(WINDOW.minusMillis(250));
      assertThat(link.isOver()).isFalse();
      pass(Duration.ofMillis(500));

      assertThat(link.claim(2)).isFalse();
      assertThat(conversation.told).contains("[closed]");
      assertThat(budget.keptBytes()).isZero();
    }

    @Test
    void finds_nothing_after_a_goodbye_of_either_side() {
      numbered();
      link.ended(1, CarrierEnd.GOODBYE);
      assertThat(link.claim(2)).isFalse();
    }

    @Test
    void finds_nothing_after_the_connection_was_closed() {
      FakeTaker first = numbered();
      link.close();

      assertThat(first.status).isEqualTo(Home.TAKEN);
      assertThat(link.claim(2)).isFalse();
    }

    @Test
    void is_not_taken_for_silent_while_it_is_away() {
      numbered();
      link.ended(1, CarrierEnd.LOST);
      int before = conversation.heard;
      link.probe();

      assertThat(conversation.heard).isEqualTo(before + 1);
      assertThat(link.isAway()).isTrue();
    }
  }

  @Nested
  class What_came {
    @Test
    void to_confirm_something_is_not_for_the_conversation() throws BadHubMessageException {
      numbered();
      say("one");

      assertThat(link.takes(new HubMessage.Ack(1))).isFalse();
    }

    @Test
    void is_confirmed_once_a_second_if_anything_did() throws BadHubMessageException {
      FakeTaker socket = numbered();
      pass(Duration.ofSeconds(3));
      assertThat(socket.frames).isEmpty();
      link.takes(call());
      link.takes(call());
      pass(Duration.ofMillis(750));
      assertThat(socket.frames).isEmpty();
      pass(Duration.ofMillis(500));
      assertThat(socket.frames).containsExactly(ack(2));
      pass(Duration.ofSeconds(3));

      assertThat(socket.frames).containsExactly(ack(2));
    }

    @Test
    void waits_while_the_conversation_does_not_read_and_is_left_to_the_client_when_it_comes_back() {
      numbered();
      link.setReading(false);
      assertThat(deliver(1, "a")).isZero();
      link.setReading(true);
      turn();
      assertThat(conversation.told).containsExactly("a");
      link.setReading(false);
      deliver(1, "b");
      link.ended(1, CarrierEnd.LOST);
      link.setReading(true);
      turn();

      assertThat(conversation.told).containsExactly("a", "[other transport]");
    }
  }

  @Nested
  class A_connection_that_keeps_as_much_as_it_may {
    private static final String HALF = "h".repeat(MAX_BYTES / 2);

    @Test
    void says_nothing_more_until_the_client_confirms() throws BadHubMessageException {
      FakeTaker socket = numbered();
      say(HALF);
      say(HALF);
      say("x");
      assertThat(socket.frames).containsExactly(HALF, HALF);
      assertThat(link.queuedBytes()).isEqualTo(2 + MAX_BYTES + 1);
      int before = conversation.written;
      link.takes(new HubMessage.Ack(1));

      assertThat(socket.frames).containsExactly(HALF, HALF, "x");
      assertThat(conversation.written).isEqualTo(before + 1);
      assertThat(budget.keptBytes()).isEqualTo(MAX_BYTES / 2 + 1);
    }

    @Test
    void still_pings() {
      FakeTaker socket = numbered();
      say(HALF);
      say(HALF);
      say("x");
      link.send(bytes("a ping"));

      assertThat(socket.frames).containsExactly(HALF, HALF, "a ping");
    }

    @Test
    void says_what_waits_before_a_goodbye() {
      FakeTaker socket = numbered();
      say(HALF);
      say(HALF);
      say("x");
      link.sayAll();
      link.send(bytes("bye"));
      link.close();

      assertThat(socket.frames).containsExactly(HALF, HALF, "x", "bye");
    }

    @Test
    void loses_nothing_when_the_client_comes_back() throws BadHubMessageException {
      numbered();
      say(HALF);
      say(HALF);
      say("x");
      FakeTaker second = carriedBy(2);
      assertThat(second.frames).containsExactly(sequence(1), HALF, HALF);
      link.takes(new HubMessage.Sequence(1));
      link.takes(new HubMessage.Ack(2));

      assertThat(second.frames).containsExactly(sequence(1), HALF, HALF, "x");
    }
  }

  @Nested
  class A_gateway_that_keeps_as_much_as_it_may {
    @Test
    void closes_the_connection_that_would_keep_more_and_tells_it_nothing_of_that()
        throws BadHubMessageException {
      FakeTaker socket = numbered();
      assertThat(budget.take(200)).isTrue();
      say("f".repeat(50));
      assertThat(conversation.told).isEmpty();
      say("x");
      say("y");
      assertThat(socket.frames).hasSize(1);
      turn();

      assertThat(conversation.told).containsExactly("[no place]");
      assertThat(budget.keptBytes()).isEqualTo(250);
      link.cut();
      assertThat(budget.keptBytes()).isEqualTo(200);
    }
  }

  @Nested
  class Another_gateway {
    @Test
    void gets_what_is_not_confirmed_and_what_could_not_be_said_yet() throws BadHubMessageException {
      numbered();
      link.takes(call());
      link.takes(call());
      say("one");
      say("h".repeat(MAX_BYTES));
      say("waits");
      link.takes(new HubMessage.Ack(1));
      link.move(new HubMemory(false, Optional.empty(), Map.of()), done -> {});

      assertThat(moved)
          .containsExactly(new Kept(
              false,
              3,
              List.of(new Piece(bytes("h".repeat(MAX_BYTES)), 1), new Piece(bytes("waits"), 1)),
              2));
    }

    @Test
    void goes_on_where_it_was_left() throws BadHubMessageException {
      LastingLink restored = link(Optional.of(new Kept(
          false, 3, List.of(new Piece(bytes("two"), 1), new Piece(bytes("three"), 1)), 2)));
      assertThat(restored.hasPlace()).isTrue();
      FakeTaker socket = new FakeTaker();
      restored.send(bytes("four"), 1);
      assertThat(budget.keptBytes()).as("kept while nobody is there").isEqualTo(12);
      assertThat(restored.claim(5)).isTrue();
      restored.receive(5, socket);

      assertThat(socket.frames).containsExactly(sequence(2), "two", "three", "four");
      assertThat(restored.takes(call())).isFalse();
      assertThat(restored.takes(new HubMessage.Sequence(2))).isFalse();
      assertThat(restored.takes(call())).as("number 2").isFalse();
      assertThat(restored.takes(call())).as("number 3").isTrue();
      assertThat(budget.keptBytes()).isEqualTo(12);
      restored.cut();
      assertThat(budget.keptBytes()).isZero();
    }
  }

  @Nested
  class A_violation {
    @Test
    void is_told_and_ends_it() {
      numbered();
      link.ended(1, CloseCode.MESSAGE_TOO_BIG.code());

      assertThat(conversation.told)
          .containsExactly("[violation " + CloseCode.MESSAGE_TOO_BIG.code() + "]", "[closed]");
    }
  }
}
