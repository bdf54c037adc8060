package io.madang.gateway.edge.signalr.negotiation;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.edge.relay.FakeTaker;
import io.madang.gateway.edge.relay.Unread;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.edge.signalr.session.LinkStage;
import io.madang.runtime.topic.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ResponseLinkTest extends LinkStage {
  private final CarriedTimes times = new CarriedTimes(deadlines, () -> nowMs, later::add);
  private int ended;

  private ResponseLink link(HubTransport transport) {
    ResponseLink link = new ResponseLink(transport, times, () -> ended++);
    link.speaks(conversation);
    return link;
  }

  /** One whose first poll is over. */
  private ResponseLink polled() {
    ResponseLink link = link(HubTransport.LONG_POLLING);
    link.receive(new FakeTaker());
    return link;
  }

  @Nested
  class What_a_poll_was_given {
    @Test
    void counts_as_queued_until_the_network_has_it() {
      ResponseLink link = polled();
      FakeTaker poll = new FakeTaker();
      Waiting waiting = link.receive(poll);
      link.send(bytes("abc"));
      turn();

      assertThat(poll.said()).isEqualTo("abc");
      assertThat(link.queuedBytes()).isEqualTo(3);
      waiting.taken(3);
      assertThat(link.queuedBytes()).isZero();
      assertThat(link.takenBytes()).isEqualTo(3);
      assertThat(conversation.written).isEqualTo(1);
    }

    @Test
    void is_brought_again_when_it_was_lost_before_anything_newer() {
      ResponseLink link = polled();
      Waiting lost = link.receive(new FakeTaker());
      link.send(bytes("a"));
      turn();
      link.send(bytes("b"));
      FakeTaker next = new FakeTaker();
      link.receive(next);
      turn();
      assertThat(next.said())
          .as("nobody knows yet whether the client has what came before")
          .isEmpty();
      lost.gone();

      assertThat(next.said()).isEqualTo("ab");
    }

    @Test
    void is_brought_once_when_it_was_taken() {
      ResponseLink link = polled();
      Waiting first = link.receive(new FakeTaker());
      link.send(bytes("a"));
      turn();
      FakeTaker next = new FakeTaker();
      link.receive(next);
      first.taken(1);
      link.send(bytes("b"));
      turn();

      assertThat(next.said()).isEqualTo("b");
    }

    @Test
    void is_all_of_a_turn() {
      ResponseLink link = polled();
      FakeTaker poll = new FakeTaker();
      link.receive(poll);
      link.send(bytes("a"));
      link.send(bytes("b"));
      turn();

      assertThat(poll.said()).isEqualTo("ab");
      assertThat(poll.status).isEqualTo(200);
    }
  }

  @Nested
  class A_goodbye {
    @Test
    void waits_for_a_poll_and_is_over_when_the_network_has_it() {
      ResponseLink link = polled();
      link.send(bytes("bye"));
      link.close();
      assertThat(conversation.told).isEmpty();
      FakeTaker poll = new FakeTaker();
      Waiting waiting = link.receive(poll);
      assertThat(poll.said()).isEqualTo("bye");
      assertThat(conversation.told).isEmpty();
      waiting.taken(3);

      assertThat(conversation.told).containsExactly("[closed]");
      assertThat(ended).isEqualTo(1);
      FakeTaker last = new FakeTaker();
      link.receive(last);
      assertThat(last.status).isEqualTo(204);
    }

    @Test
    void without_a_word_ends_the_poll_that_waits() {
      ResponseLink link = polled();
      FakeTaker poll = new FakeTaker();
      link.receive(poll);
      link.close();

      assertThat(poll.status).isEqualTo(204);
      assertThat(conversation.told).containsExactly("[closed]");
    }

    @Test
    void for_which_nobody_comes_is_over_in_time() {
      ResponseLink link = polled();
      link.send(bytes("bye"));
      link.close();
      pass(CarriedTimes.ABSENCE.plusMillis(500));

      assertThat(conversation.told).containsExactly("[closed]");
    }

    @Test
    void before_the_conversation_is_known_is_told_to_it() {
      ResponseLink link = new ResponseLink(HubTransport.LONG_POLLING, times, () -> ended++);
      link.close();
      link.speaks(conversation);

      assertThat(conversation.told).containsExactly("[closed]");
    }

    @Test
    void of_a_stream_comes_behind_what_was_said() {
      ResponseLink link = link(HubTransport.SERVER_SENT_EVENTS);
      FakeTaker stream = new FakeTaker();
      Waiting waiting = link.receive(stream);
      link.send(bytes("a"));
      link.close();
      assertThat(stream.said()).isEqualTo(":\r\n\r\ndata: a\r\n\r\n");
      assertThat(stream.status).isZero();
      waiting.taken(stream.said().length());

      assertThat(stream.status).isEqualTo(200);
      assertThat(conversation.told).containsExactly("[closed]");
    }
  }

  @Nested
  class A_cut {
    @Test
    void ends_at_once_and_nothing_is_said_any_more() {
      ResponseLink link = polled();
      FakeTaker poll = new FakeTaker();
      link.receive(poll);
      link.send(bytes("a"));
      link.cut();
      turn();

      assertThat(poll.said()).isEmpty();
      assertThat(poll.status).isEqualTo(204);
      assertThat(conversation.told).containsExactly("[closed]");
      assertThat(link.queuedBytes()).isZero();
    }
  }

  @Nested
  class A_stream_that_does_not_read {
    @Test
    void is_given_no_more_than_should_be_on_its_way() {
      ResponseLink link = link(HubTransport.SERVER_SENT_EVENTS);
      FakeTaker stream = new FakeTaker();
      Waiting waiting = link.receive(stream);
      byte[] message = new byte[50_000];
      for (int i = 0; i < 20; i++) {
        link.send(message);
      }
      turn();

      assertThat(stream.said().length()).isBetween(128 * 1024, 128 * 1024 + 60_000);
      assertThat(link.queuedBytes()).isEqualTo(1_000_000);
      waiting.taken(stream.said().length());
      assertThat(stream.said().length()).isGreaterThan(256 * 1024);
      assertThat(conversation.written).isEqualTo(1);
    }

    @Test
    void has_taken_nothing_while_it_takes_nothing() {
      ResponseLink link = link(HubTransport.SERVER_SENT_EVENTS);
      FakeTaker stream = new FakeTaker();
      Waiting waiting = link.receive(stream);
      waiting.taken(stream.said().length());
      link.send(new byte[1_000]);
      turn();
      assertThat(link.takenBytes()).isZero();
      waiting.taken(500);

      assertThat(link.takenBytes()).isEqualTo(500);
    }
  }

  @Nested
  class A_conversation_that_does_not_read {
    private final List<Integer> statuses = new ArrayList<>();

    private void deliver(ResponseLink link, String text) {
      link.deliver(Payload.wrap(bytes(text)), statuses::add);
    }

    @Test
    void is_told_in_order_when_it_does_and_clients_wait_till_then() {
      ResponseLink link = polled();
      link.setReading(false);
      deliver(link, "a");
      deliver(link, "b");
      assertThat(conversation.told).isEmpty();
      assertThat(statuses).isEmpty();
      link.setReading(true);
      deliver(link, "c");
      turn();

      assertThat(conversation.told).containsExactly("a", "b", "c");
      assertThat(statuses).containsExactly(200, 200, 200);
    }

    @Test
    void has_so_much_wait_and_no_more() {
      ResponseLink link = polled();
      link.setReading(false);
      deliver(link, "x".repeat(Unread.MAX_BYTES));
      assertThat(statuses).isEmpty();
      deliver(link, "x");

      assertThat(statuses).containsExactly(503);
    }

    @Test
    void hears_nothing_when_it_is_over() {
      ResponseLink link = polled();
      link.setReading(false);
      deliver(link, "a");
      link.cut();

      assertThat(conversation.told).containsExactly("[closed]");
      assertThat(statuses).containsExactly(404);
    }
  }

  @Nested
  class A_poll_that_waits {
    @Test
    void shows_that_its_client_is_there() {
      ResponseLink link = polled();
      link.receive(new FakeTaker());
      int before = conversation.heard;
      pass(CarriedTimes.POLL_HEARD.plusMillis(500));

      assertThat(conversation.heard).isEqualTo(before + 1);
    }

    @Test
    void keeps_the_connection() {
      ResponseLink link = polled();
      link.receive(new FakeTaker());
      pass(CarriedTimes.ABSENCE.multipliedBy(2));

      assertThat(conversation.told).isEmpty();
    }
  }
}
