package io.madang.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.frame.ServerFrame.NotRestored;
import io.madang.protocol.frame.ServerFrame.Place;
import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.frame.ServerFrame.Restored;
import io.madang.protocol.frame.ServerFrame.TopicState;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.frame.TopicPosition;
import io.madang.protocol.json.RawJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
@DisplayNameGeneration(ReplaceUnderscores.class)
class SubscriptionsTest {
  private static final String TOPIC = "room:dev";

  private final FakeGateway gateway = new FakeGateway();
  private final Heard heard = new Heard();
  private MadangClient client;
  private Peer peer;

  @BeforeEach
  void connect() {
    client = MadangClient.connect(gateway.options());
    peer = gateway.nextSignedIn();
    // What is wanted before is asked for in another way.
    assertThat(client.connected()).succeedsWithin(Duration.ofSeconds(20));
  }

  @AfterEach
  void close() {
    client.close();
    gateway.close();
  }

  /** What a listener was told, one line each, in order. */
  private static final class Heard implements TopicListener {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    @Override
    public void publication(Publication publication) {
      lines.add(publication.place().map(place -> "" + place.offset()).orElse("-"));
    }

    @Override
    public void snapshot(StreamPosition position, Optional<RawJson> snapshot) {
      lines.add(
          "snapshot " + position.offset() + snapshot.map(text -> " " + text).orElse(""));
    }

    @Override
    public void gap(StreamPosition from, StreamPosition to) {
      lines.add("gap " + from.offset() + " " + to.offset());
    }

    @Override
    public void ended(String reason) {
      lines.add("ended " + reason);
    }

    /** The next so many lines. */
    List<String> next(int count) {
      return IntStream.range(0, count).mapToObj(i -> nextLine()).toList();
    }

    private String nextLine() {
      try {
        String line = lines.poll(5, TimeUnit.SECONDS);
        if (line == null) {
          throw new AssertionError("nothing more was heard");
        }
        return line;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static StreamPosition at(long offset) {
    return new StreamPosition("e", offset);
  }

  private static Publication publication(String epoch, long offset, long prev) {
    return new Publication(
        TOPIC,
        Optional.of(new Place(epoch, offset, prev)),
        "message",
        Optional.empty(),
        Optional.empty(),
        Instant.EPOCH,
        RawJson.NULL);
  }

  private static Publication publication(long offset) {
    return publication("e", offset, offset - 1);
  }

  private static TopicState state(long offset, boolean recovered, Publication... publications) {
    return new TopicState(TOPIC, at(offset), recovered, Optional.empty(), List.of(publications));
  }

  private void answer(ClientFrame.Subscribe asked, TopicState state) {
    peer.send(new ServerFrame.Subscribed(asked.ref(), state));
  }

  private static StreamPosition positionOf(CompletableFuture<StreamPosition> ready) {
    try {
      return ready.get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Failure failureOf(CompletableFuture<?> future) {
    try {
      throw new AssertionError("succeeded with " + future.get(20, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return ((RefusedException) e.getCause()).failure();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** A subscription at offset 10, whose listener has heard the snapshot. */
  private void subscribed() {
    CompletableFuture<StreamPosition> ready = client.subscribe(TOPIC, heard);
    answer(peer.next(ClientFrame.Subscribe.class), state(10, false));
    assertThat(positionOf(ready)).isEqualTo(at(10));
    assertThat(heard.next(1)).containsExactly("snapshot 10");
  }

  @Nested
  class A_new_subscription {
    @Test
    void begins_now_with_what_the_topic_is() {
      CompletableFuture<StreamPosition> ready = client.subscribe(TOPIC, heard);

      ClientFrame.Subscribe asked = peer.next(ClientFrame.Subscribe.class);
      answer(
          asked,
          new TopicState(TOPIC, at(3), false, Optional.of(RawJson.trusted("[1]")), List.of()));

      assertThat(asked.topic()).isEqualTo(TOPIC);
      assertThat(asked.since()).isEmpty();
      assertThat(positionOf(ready)).isEqualTo(at(3));
      assertThat(heard.next(1)).containsExactly("snapshot 3 [1]");
    }

    @Test
    void begins_where_the_application_was() {
      CompletableFuture<StreamPosition> ready = client.subscribe(TOPIC, at(5), heard);

      ClientFrame.Subscribe asked = peer.next(ClientFrame.Subscribe.class);
      answer(asked, state(7, true, publication(6), publication(7)));

      assertThat(asked.since()).contains(at(5));
      assertThat(positionOf(ready)).isEqualTo(at(7));
      assertThat(heard.next(2)).containsExactly("6", "7");
    }

    @Test
    void fails_when_the_mesh_refuses_it() {
      CompletableFuture<StreamPosition> ready = client.subscribe(TOPIC, heard);

      peer.send(new ServerFrame.Error(
          peer.next(ClientFrame.Subscribe.class).ref(),
          Failure.of(ErrorCode.UNKNOWN_TOPIC, "There is none.")));

      assertThat(failureOf(ready).code()).isEqualTo("unknown-topic");
      assertThat(heard.next(1)).containsExactly("ended unknown-topic");
    }

    @Test
    void is_asked_for_again_when_the_mesh_cannot_just_now() {
      CompletableFuture<StreamPosition> ready = client.subscribe(TOPIC, heard);

      peer.send(new ServerFrame.Error(
          peer.next(ClientFrame.Subscribe.class).ref(),
          Failure.of(ErrorCode.UNAVAILABLE, "Later.")));
      answer(peer.next(ClientFrame.Subscribe.class), state(3, false));

      assertThat(positionOf(ready)).isEqualTo(at(3));
    }

    @Test
    void is_refused_while_the_topic_has_a_listener() {
      subscribed();

      CompletableFuture<StreamPosition> second = client.subscribe(TOPIC, new Heard());

      assertThat(second)
          .failsWithin(Duration.ofSeconds(5))
          .withThrowableThat()
          .withCauseInstanceOf(IllegalStateException.class);
    }
  }

  @Nested
  class Publications {
    @Test
    void come_in_order_and_each_once() {
      subscribed();

      peer.send(publication(11));
      peer.send(publication(12));
      peer.send(publication(11));
      peer.send(publication(12));
      peer.send(publication(13));

      assertThat(heard.next(3)).containsExactly("11", "12", "13");
      assertThat(heard.lines).isEmpty();
    }

    @Test
    void without_a_place_come_as_they_are() {
      subscribed();

      peer.send(new Publication(
          TOPIC,
          Optional.empty(),
          "typing",
          Optional.empty(),
          Optional.empty(),
          Instant.EPOCH,
          RawJson.NULL));

      assertThat(heard.next(1)).containsExactly("-");
    }

    @Test
    void that_leave_a_hole_make_the_topic_be_read_again_from_before_it() {
      subscribed();

      peer.send(publication(13));
      assertThat(peer.next(ClientFrame.Unsubscribe.class).topic()).isEqualTo(TOPIC);
      ClientFrame.Subscribe again = peer.next(ClientFrame.Subscribe.class);
      answer(again, state(13, true, publication(11), publication(12), publication(13)));
      peer.send(publication(14));

      assertThat(again.since()).contains(at(10));
      assertThat(heard.next(4)).containsExactly("11", "12", "13", "14");
    }

    @Test
    void of_another_life_of_the_topic_make_it_be_read_again() {
      subscribed();

      peer.send(publication("other", 11, 10));
      peer.next(ClientFrame.Unsubscribe.class);
      ClientFrame.Subscribe again = peer.next(ClientFrame.Subscribe.class);
      answer(
          again,
          new TopicState(
              TOPIC, new StreamPosition("other", 11), false, Optional.empty(), List.of()));

      assertThat(again.since()).contains(at(10));
      assertThat(heard.next(2)).containsExactly("gap 10 11", "snapshot 11");
    }

    @Test
    void go_on_after_a_listener_failed() {
      BlockingQueue<Long> offsets = new LinkedBlockingQueue<>();
      CompletableFuture<StreamPosition> ready = client.subscribe(TOPIC, publication -> {
        offsets.add(publication.place().orElseThrow().offset());
        throw new IllegalStateException("the application's own mistake");
      });
      answer(peer.next(ClientFrame.Subscribe.class), state(10, false));
      positionOf(ready);

      peer.send(publication(11));
      peer.send(publication(12));

      assertThat(poll(offsets)).isEqualTo(11);
      assertThat(poll(offsets)).isEqualTo(12);
      assertThat(gateway.count()).isEqualTo(1);
    }

    private long poll(BlockingQueue<Long> offsets) {
      try {
        return Optional.ofNullable(offsets.poll(5, TimeUnit.SECONDS)).orElse(-1L);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Test
    void more_than_wait_at_once_all_arrive_at_a_slow_listener() {
      subscribed();
      int many = 20 * Link.UNREAD_MESSAGES;

      for (int offset = 11; offset <= 10 + many; offset++) {
        peer.send(publication(offset));
      }

      assertThat(heard.next(many))
          .isEqualTo(IntStream.rangeClosed(11, 10 + many).mapToObj(i -> "" + i).toList());
    }
  }

  @Nested
  class After_a_lost_connection {
    @Test
    void topics_resume_from_where_they_were() {
      subscribed();
      peer.send(publication(11));
      assertThat(heard.next(1)).containsExactly("11");

      peer.cut();
      peer = gateway.nextSignedIn();
      ClientFrame.Resume resume = peer.next(ClientFrame.Resume.class);
      peer.send(new ServerFrame.Resumed(
          resume.ref(), List.of(new Restored(state(13, true, publication(12), publication(13))))));
      peer.send(publication(14));

      assertThat(resume.topics()).containsExactly(new TopicPosition(TOPIC, at(11)));
      assertThat(heard.next(3)).containsExactly("12", "13", "14");
    }

    @Test
    void what_was_heard_is_not_told_again() {
      subscribed();

      peer.cut();
      peer = gateway.nextSignedIn();
      ClientFrame.Resume resume = peer.next(ClientFrame.Resume.class);
      peer.send(new ServerFrame.Resumed(
          resume.ref(), List.of(new Restored(state(11, true, publication(10), publication(11))))));

      assertThat(heard.next(1)).containsExactly("11");
    }

    @Test
    void what_cannot_be_had_any_more_is_told_as_a_gap() {
      subscribed();

      peer.cut();
      peer = gateway.nextSignedIn();
      ClientFrame.Resume resume = peer.next(ClientFrame.Resume.class);
      peer.send(new ServerFrame.Resumed(resume.ref(), List.of(new Restored(state(50, false)))));

      assertThat(heard.next(2)).containsExactly("gap 10 50", "snapshot 50");
    }

    @Test
    void a_topic_that_is_refused_ends_and_the_others_live_on() {
      subscribed();
      Heard other = new Heard();
      CompletableFuture<StreamPosition> ready = client.subscribe("room:other", other);
      answer(
          peer.next(ClientFrame.Subscribe.class),
          new TopicState("room:other", at(1), false, Optional.empty(), List.of()));
      positionOf(ready);
      other.next(1);

      peer.cut();
      peer = gateway.nextSignedIn();
      ClientFrame.Resume resume = peer.next(ClientFrame.Resume.class);
      peer.send(new ServerFrame.Resumed(
          resume.ref(),
          List.of(
              new Restored(state(11, true, publication(11))),
              new NotRestored("room:other", Failure.of(ErrorCode.FORBIDDEN, "No.")))));

      assertThat(heard.next(1)).containsExactly("11");
      assertThat(other.next(1)).containsExactly("ended forbidden");
    }

    @Test
    void many_topics_resume_in_messages_the_gateway_takes() {
      int topics = 40;
      for (int i = 0; i < topics; i++) {
        String topic = "room:" + i + "x".repeat(100);
        CompletableFuture<StreamPosition> ready = client.subscribe(topic, new Heard());
        answer(
            peer.next(ClientFrame.Subscribe.class),
            new TopicState(topic, at(1), false, Optional.empty(), List.of()));
        positionOf(ready);
      }

      peer.cut();
      peer = gateway.next();
      peer.signIn(25_000, new ServerFrame.Limits(2_048, 100, 256, 200, 400), Optional.empty());

      int resumed = 0;
      while (resumed < topics) {
        List<TopicPosition> some = peer.next(ClientFrame.Resume.class).topics();
        assertThat(some).hasSizeLessThan(20);
        resumed += some.size();
      }
      assertThat(resumed).isEqualTo(topics);
    }

    @Test
    void a_subscription_that_had_no_answer_is_asked_for_again() {
      CompletableFuture<StreamPosition> ready = client.subscribe(TOPIC, heard);
      peer.next(ClientFrame.Subscribe.class);

      peer.cut();
      peer = gateway.nextSignedIn();
      answer(peer.next(ClientFrame.Subscribe.class), state(3, false));

      assertThat(positionOf(ready)).isEqualTo(at(3));
    }
  }

  @Nested
  class A_gap {
    @Test
    void ends_the_old_subscription_and_takes_up_the_topic_anew() {
      subscribed();

      peer.send(new ServerFrame.Gap(TOPIC, at(10), at(40)));
      peer.send(publication(41));
      assertThat(peer.next(ClientFrame.Unsubscribe.class).topic()).isEqualTo(TOPIC);
      ClientFrame.Subscribe again = peer.next(ClientFrame.Subscribe.class);
      answer(again, state(42, false));
      peer.send(publication(43));

      assertThat(again.since()).isEmpty();
      assertThat(heard.next(3)).containsExactly("gap 10 42", "snapshot 42", "43");
    }
  }

  @Nested
  class An_end {
    @Test
    void by_the_mesh_is_told_with_its_reason_and_is_not_resumed() {
      subscribed();

      peer.send(new ServerFrame.Unsubscribed(ClientFrame.NO_REF, TOPIC, Optional.of("kicked")));
      assertThat(heard.next(1)).containsExactly("ended kicked");
      peer.cut();
      peer = gateway.nextSignedIn();
      CompletableFuture<RawJson> next = client.command("chat", "x", RawJson.EMPTY_OBJECT);

      // A resume would have come before it.
      peer.next(ClientFrame.Command.class);
      assertThat(next).isNotDone();
    }

    @Test
    void by_the_application_is_quiet_and_lets_the_topic_be_taken_up_again() {
      subscribed();

      client.unsubscribe(TOPIC);
      CompletableFuture<StreamPosition> again = client.subscribe(TOPIC, heard);
      ClientFrame.Unsubscribe unsubscribe = peer.next(ClientFrame.Unsubscribe.class);
      peer.send(publication(11));
      peer.send(new ServerFrame.Unsubscribed(unsubscribe.ref(), TOPIC, Optional.empty()));
      answer(peer.next(ClientFrame.Subscribe.class), state(11, false));

      assertThat(positionOf(again)).isEqualTo(at(11));
      assertThat(heard.next(1)).containsExactly("snapshot 11");
    }

    @Test
    void before_the_answer_fails_the_first_wish_and_not_the_second() {
      CompletableFuture<StreamPosition> first = client.subscribe(TOPIC, heard);
      client.unsubscribe(TOPIC);
      CompletableFuture<StreamPosition> second = client.subscribe(TOPIC, heard);

      long firstRef = peer.next(ClientFrame.Subscribe.class).ref();
      long unsubscribeRef = peer.next(ClientFrame.Unsubscribe.class).ref();
      peer.send(new ServerFrame.Error(firstRef, Failure.of(ErrorCode.CONFLICT, "Taken back.")));
      peer.send(new ServerFrame.Unsubscribed(unsubscribeRef, TOPIC, Optional.empty()));
      answer(peer.next(ClientFrame.Subscribe.class), state(4, false));

      assertThat(failureOf(first).code()).isEqualTo("unavailable");
      assertThat(positionOf(second)).isEqualTo(at(4));
    }

    @Test
    void of_the_client_is_told_to_each_listener() {
      subscribed();

      client.close();

      assertThat(heard.next(1)).containsExactly("ended unavailable");
    }
  }
}
