package io.madang.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.command.Commands;
import io.madang.gateway.connection.measure.ConnectionLimits;
import io.madang.gateway.connection.measure.ConnectionMeters;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.fanout.SubscribeOutcome;
import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.limit.ShareStore;
import io.madang.gateway.limit.UserShares;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.code.Retry;
import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.TopicPosition;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.config.Secret;
import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConnectionTest {
  private static final ConnectionLimits LIMITS = new ConnectionLimits(
      32_768,
      Duration.ofSeconds(15),
      Duration.ofSeconds(15),
      Duration.ofSeconds(30),
      10,
      20,
      4,
      100,
      2,
      20,
      800,
      Duration.ofSeconds(30),
      1_000,
      500);
  private static final ClientFrame CONNECT = new ClientFrame.Connect(1, Optional.of("t"));
  private static final ClientFrame COMMAND = command(2);

  private final FakeTime time = new FakeTime();
  private final FakeSink sink = new FakeSink();
  private final FakeMesh mesh = new FakeMesh();
  private final FakeTopics topics = new FakeTopics();
  private final FakePlaces places = new FakePlaces();
  private final Connections connections = new Connections("node-1");
  private final Deque<Promise<Principal>> signIns = new ArrayDeque<>();
  private final Deque<Credential> shown = new ArrayDeque<>();

  /** Sessions that count no more. */
  private final Set<String> revoked = new HashSet<>();

  private Connection connection;

  @BeforeEach
  void open() {
    connection = connection(Optional.empty());
  }

  private Connection connection(Optional<Credential> offered) {
    return new Connection(
        "c1",
        sink,
        offered,
        new Surroundings(
            "node",
            LIMITS,
            time,
            time.deadlines,
            new Authenticating(),
            places,
            new UserShares(new UserShares.Rate(8, 12), ShareStore.none(), time::nowMs),
            new Commands(mesh),
            topics,
            connections,
            new ConnectionMeters(new SimpleMeterRegistry())));
  }

  private final class Authenticating implements Authenticator {
    @Override
    public Future<Principal> authenticate(Credential credential) {
      Promise<Principal> promise = Promise.promise();
      shown.add(credential);
      signIns.add(promise);
      return promise.future();
    }

    @Override
    public boolean stillCounts(Principal principal) {
      return !revoked.contains(principal.session());
    }
  }

  private static Principal mina(Duration lasting) {
    return new Principal(
        "u1", "mina", Set.of("admin"), false, FakeTime.START.plus(lasting), "s1", FakeTime.START);
  }

  private static ClientFrame command(long ref) {
    return new ClientFrame.Command(ref, "s", "n", Optional.of("id-" + ref), RawJson.EMPTY_OBJECT);
  }

  private void signedIn() {
    connection.onFrame(CONNECT);
    signIns.remove().complete(mina(Duration.ofHours(1)));
    sink.take();
  }

  private void signInFails(Reason reason) {
    signIns.remove().fail(new AuthenticationException(reason));
  }

  @Nested
  class Before_anybody_is_signed_in {
    @Test
    void a_token_that_counts_opens_the_connection() {
      connection.onFrame(CONNECT);
      signIns.remove().complete(mina(Duration.ofHours(1)));

      assertThat(sink.take())
          .singleElement()
          .isEqualTo(new ServerFrame.Connected(
              1,
              "c1",
              "node",
              new ServerFrame.User("u1", "mina", List.of("admin")),
              15_000,
              Optional.of(FakeTime.START.plus(Duration.ofHours(1))),
              new ServerFrame.Limits(32_768, 20, 4, 10, 20)));
      assertThat(topics.connected).containsExactly("u1");
    }

    @Test
    void requests_are_refused_and_the_connection_stays() {
      connection.onFrame(COMMAND);

      assertThat(sink.lastError()).isEqualTo("unauthenticated");
      assertThat(connection.isClosed()).isFalse();
    }

    @Test
    void a_ping_is_answered() {
      connection.onFrame(new ClientFrame.Ping(7));

      assertThat(sink.last()).isEqualTo(new ServerFrame.Pong(7, FakeTime.START));
    }

    @Test
    void a_token_that_does_not_count_is_told_and_closes_for_good() {
      connection.onFrame(CONNECT);
      signInFails(Reason.BAD_TOKEN);

      assertThat(sink.frames.get(0)).isInstanceOf(ServerFrame.Error.class);
      assertThat(sink.last()).isEqualTo(new ServerFrame.Disconnect(4500, "bad token", false, 0));
      assertThat(sink.closed).contains(CloseCode.BAD_TOKEN);
    }

    @Test
    void a_token_that_has_expired_is_told_apart() {
      connection.onFrame(CONNECT);
      signInFails(Reason.TOKEN_EXPIRED);

      assertThat(sink.closed).contains(CloseCode.TOKEN_EXPIRED);
    }

    @Test
    void a_token_that_cannot_be_checked_may_be_shown_again() {
      connection.onFrame(CONNECT);
      signInFails(Reason.UNAVAILABLE);

      assertThat(sink.lastError()).isEqualTo("unavailable");

      connection.onFrame(new ClientFrame.Connect(2, Optional.of("t")));
      signIns.remove().complete(mina(Duration.ofHours(1)));

      assertThat(sink.last()).isInstanceOf(ServerFrame.Connected.class);
    }

    @Test
    void the_time_for_it_ends() {
      time.pass(Duration.ofSeconds(16));

      assertThat(sink.closed).contains(CloseCode.CONNECT_TIMEOUT);
    }

    @Test
    void what_the_client_sends_while_it_is_checked_is_held() {
      connection.onFrame(CONNECT);
      connection.onFrame(COMMAND);

      assertThat(mesh.calls).isEmpty();

      signIns.remove().complete(mina(Duration.ofHours(1)));

      assertThat(mesh.calls).singleElement().extracting(call -> call.id()).isEqualTo("id-2");
    }

    @Test
    void only_so_much_is_held() {
      connection.onFrame(CONNECT);
      for (int ref = 2; ref <= 5; ref++) {
        connection.onFrame(command(ref));
      }
      connection.onFrame(command(6));

      assertThat(sink.lastError()).isEqualTo("too-many-requests");
    }

    @Test
    void a_user_with_too_many_connections_is_sent_away_for_a_while() {
      places.max = 0;
      connection.onFrame(CONNECT);
      signIns.remove().complete(mina(Duration.ofHours(1)));

      assertThat(sink.closed).contains(CloseCode.TRY_AGAIN_LATER);
      assertThat(topics.connected).isEmpty();
    }

    @Test
    void a_place_taken_for_a_client_that_left_meanwhile_is_given_back() {
      connection.onFrame(CONNECT);
      connection.onTransportClosed();
      signIns.remove().complete(mina(Duration.ofHours(1)));

      assertThat(places.taken).isEmpty();
      assertThat(topics.connected).isEmpty();
    }
  }

  @Nested
  class A_handshake_that_said_who_it_is {
    private final Credential cookie = new Credential.Cookie(new Secret("c"));

    @BeforeEach
    void offer() {
      connection = connection(Optional.of(cookie));
    }

    @Test
    void may_begin_with_any_frame() {
      connection.onFrame(COMMAND);

      assertThat(shown).containsExactly(cookie);

      signIns.remove().complete(mina(Duration.ofHours(1)));

      assertThat(mesh.calls).hasSize(1);
      assertThat(sink.frames).isEmpty();
    }

    @Test
    void may_ask_who_it_is() {
      connection.onFrame(new ClientFrame.Connect(1, Optional.empty()));
      signIns.remove().complete(mina(Duration.ofHours(1)));

      assertThat(sink.last()).isInstanceOf(ServerFrame.Connected.class);
    }

    @Test
    void is_overruled_by_a_token_in_the_first_frame() {
      connection.onFrame(CONNECT);

      assertThat(shown).containsExactly(new Credential.Bearer(new Secret("t")));
    }
  }

  @Nested
  class A_command {
    @BeforeEach
    void signIn() {
      signedIn();
    }

    @Test
    void is_answered_with_its_result() {
      connection.onFrame(COMMAND);
      mesh.answers.get(0).complete(CommandOutcome.done(Payload.ofJson("{\"ok\":1}")));

      assertThat(sink.take())
          .containsExactly(new ServerFrame.Reply(2, RawJson.trusted("{\"ok\":1}")));
      assertThat(mesh.calls.get(0).caller().connection()).contains("c1");
    }

    @Test
    void that_is_refused_brings_the_service_s_own_code() {
      connection.onFrame(COMMAND);
      mesh.answers
          .get(0)
          .complete(CommandOutcome.refused(Refusal.later("slow-mode", "Wait.", 500)));

      ServerFrame.Failure failure = ((ServerFrame.Error) sink.last()).failure();
      assertThat(failure)
          .isEqualTo(
              new ServerFrame.Failure("slow-mode", "Wait.", Retry.LATER, 500, Optional.empty()));
    }

    @Test
    void whose_service_is_away_says_so_and_nothing_of_the_inside() {
      connection.onFrame(COMMAND);
      mesh.answers.get(0).fail(new ServiceUnavailableException("node chat-1.k3 silent"));

      ServerFrame.Failure failure = ((ServerFrame.Error) sink.last()).failure();
      assertThat(failure.code()).isEqualTo("unavailable");
      assertThat(failure.retry()).isEqualTo(Retry.LATER);
      assertThat(failure.message()).doesNotContain("chat-1");
    }

    @Test
    void that_meets_a_bug_says_internal_and_nothing_of_the_inside() {
      connection.onFrame(COMMAND);
      mesh.answers.get(0).fail(new IllegalStateException("secret"));

      assertThat(sink.lastError()).isEqualTo("internal");
      assertThat(((ServerFrame.Error) sink.last()).failure().message()).doesNotContain("secret");
    }

    @Test
    void with_the_ref_of_one_that_waits_is_a_conflict() {
      connection.onFrame(COMMAND);
      connection.onFrame(COMMAND);

      assertThat(sink.lastError()).isEqualTo("conflict");
      assertThat(mesh.calls).hasSize(1);
    }

    @Test
    void with_more_bytes_than_may_wait_is_refused_until_there_is_room_and_alone_is_not() {
      connection.onFrame(large(2));
      connection.onFrame(large(3));
      assertThat(sink.lastError()).isEqualTo("too-many-requests");
      assertThat(mesh.calls).hasSize(1);

      mesh.answers.get(0).complete(CommandOutcome.done(Payload.NULL));
      connection.onFrame(large(3));
      assertThat(mesh.calls).hasSize(2);
    }

    private ClientFrame large(long ref) {
      return new ClientFrame.Command(
          ref,
          "echo",
          "say",
          Optional.empty(),
          RawJson.trusted(("[\"" + "x".repeat(200) + "\"]").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void beyond_those_that_may_wait_is_refused_until_one_is_answered() {
      for (int ref = 2; ref <= 5; ref++) {
        connection.onFrame(command(ref));
      }
      connection.onFrame(command(6));
      assertThat(sink.lastError()).isEqualTo("too-many-requests");

      mesh.answers.get(0).complete(CommandOutcome.done(Payload.NULL));
      connection.onFrame(command(6));

      assertThat(mesh.calls).hasSize(5);
    }

    @Test
    void beyond_the_rate_is_refused_with_the_time_to_wait() {
      for (int ref = 1; ref <= 19; ref++) {
        connection.onFrame(new ClientFrame.Ping(ref));
      }
      connection.onFrame(COMMAND);

      ServerFrame.Failure failure = ((ServerFrame.Error) sink.last()).failure();
      assertThat(failure.code()).isEqualTo("rate-limited");
      assertThat(failure.retryAfterMs()).isEqualTo(100);
      assertThat(connection.isClosed()).isFalse();

      time.pass(Duration.ofMillis(100));
      connection.onFrame(COMMAND);

      assertThat(mesh.calls).hasSize(1);
    }

    @Test
    void beyond_the_user_s_rate_is_refused_while_what_needs_no_service_goes_on() {
      for (int ref = 1; ref <= 12; ref++) {
        connection.onFrame(command(ref));
      }
      sink.take();
      connection.onFrame(command(13));

      ServerFrame.Failure failure = ((ServerFrame.Error) sink.last()).failure();
      assertThat(failure.code()).isEqualTo("rate-limited");
      assertThat(failure.message()).startsWith("This user");
      assertThat(failure.retryAfterMs()).isEqualTo(125);
      connection.onFrame(new ClientFrame.Ping(14));
      assertThat(sink.last()).isInstanceOf(ServerFrame.Pong.class);
    }

    @Test
    void answered_after_the_connection_closed_sends_nothing() {
      connection.onFrame(COMMAND);
      connection.onTransportClosed();
      mesh.answers.get(0).complete(CommandOutcome.done(Payload.NULL));

      assertThat(sink.frames).isEmpty();
    }
  }

  @Nested
  class A_stream {
    @BeforeEach
    void signIn() {
      signedIn();
      connection.onFrame(new ClientFrame.Stream(5, "s", "ticks", RawJson.EMPTY_ARRAY));
    }

    @Test
    void brings_items_and_an_end() {
      mesh.readers.get(0).item(Payload.ofJson("1"));
      mesh.readers.get(0).end(Optional.empty());

      assertThat(sink.take())
          .containsExactly(
              new ServerFrame.Item(5, RawJson.trusted("1")), new ServerFrame.Complete(5));
    }

    @Test
    void that_ends_badly_says_why() {
      mesh.readers.get(0).end(Optional.of(Refusal.of("no-such-symbol", "There is none.")));

      assertThat(sink.lastError()).isEqualTo("no-such-symbol");
    }

    @Test
    void goes_on_as_the_client_gives_credit() {
      connection.onFrame(new ClientFrame.More(5, 10));

      assertThat(mesh.credit).isEqualTo(OpenFrames.INITIAL_STREAM_CREDIT + 10);
    }

    @Test
    void that_is_cancelled_brings_nothing_more_even_under_a_ref_used_again() {
      connection.onFrame(new ClientFrame.Cancel(5));
      connection.onFrame(new ClientFrame.Stream(5, "s", "ticks", RawJson.EMPTY_ARRAY));
      sink.take();
      mesh.readers.get(0).item(Payload.ofJson("1"));
      mesh.readers.get(0).end(Optional.empty());
      mesh.readers.get(1).item(Payload.ofJson("2"));

      assertThat(mesh.cancelled).isEqualTo(1);
      assertThat(sink.take()).containsExactly(new ServerFrame.Item(5, RawJson.trusted("2")));
    }

    @Test
    void is_cancelled_with_the_connection() {
      connection.onTransportClosed();

      assertThat(mesh.cancelled).isEqualTo(1);
    }

    @Test
    void that_is_not_open_takes_no_credit() {
      connection.onFrame(new ClientFrame.More(6, 10));
      assertThat(sink.lastError()).isEqualTo("unknown-ref");

      connection.onFrame(new ClientFrame.UploadItem(6, RawJson.NULL));
      assertThat(sink.lastError()).isEqualTo("unknown-ref");
    }
  }

  @Nested
  class An_upload {
    @BeforeEach
    void open() {
      signedIn();
      connection.onFrame(new ClientFrame.Upload(5, "s", "put", RawJson.EMPTY_OBJECT));
    }

    private void item(String json) {
      connection.onFrame(new ClientFrame.UploadItem(5, RawJson.trusted(json)));
    }

    @Test
    void sends_what_the_service_lets_come_and_is_answered() {
      mesh.uploads.get(0).more(2);
      item("1");
      mesh.uploads.get(0).progress(Payload.ofJson("\"half\""));
      item("2");
      connection.onFrame(new ClientFrame.UploadEnd(5));
      mesh.uploads.get(0).outcome(CommandOutcome.done(Payload.ofJson("3")));

      assertThat(mesh.uploaded).containsExactly("1", "2", "end");
      assertThat(sink.take())
          .containsExactly(
              new ServerFrame.More(5, 2),
              new ServerFrame.Item(5, RawJson.trusted("\"half\"")),
              new ServerFrame.Reply(5, RawJson.trusted("3")));
      item("4");
      assertThat(sink.lastError()).isEqualTo("unknown-ref");
    }

    @Test
    void that_is_refused_says_why() {
      mesh.uploads.get(0).outcome(CommandOutcome.refused("unknown-command", "None."));

      assertThat(sink.lastError()).isEqualTo("unknown-command");
    }

    @Test
    void without_credit_is_given_up_at_the_first_item() {
      item("1");

      assertThat(sink.lastError()).isEqualTo("bad-request");
      assertThat(mesh.uploaded).containsExactly("cancel");
    }

    @Test
    void takes_nothing_after_its_end() {
      mesh.uploads.get(0).more(2);
      connection.onFrame(new ClientFrame.UploadEnd(5));
      item("1");

      assertThat(mesh.uploaded).containsExactly("end", "cancel");
    }

    @Test
    void that_is_cancelled_is_complete_and_hears_nothing_more() {
      connection.onFrame(new ClientFrame.Cancel(5));
      mesh.uploads.get(0).more(1);
      mesh.uploads.get(0).outcome(CommandOutcome.done(Payload.NULL));

      assertThat(mesh.uploaded).containsExactly("cancel");
      assertThat(sink.take()).containsExactly(new ServerFrame.Complete(5));
    }

    @Test
    void is_cancelled_with_the_connection() {
      connection.onTransportClosed();

      assertThat(mesh.uploaded).containsExactly("cancel");
    }

    @Test
    void takes_no_credit_from_the_client() {
      connection.onFrame(new ClientFrame.More(5, 10));

      assertThat(sink.lastError()).isEqualTo("unknown-ref");
    }

    @Test
    void has_items_beyond_the_rate_but_not_without_being_open() {
      mesh.uploads.get(0).more(100);
      for (int i = 0; i < 100; i++) {
        item("1");
      }
      assertThat(mesh.uploaded).hasSize(100);

      for (int i = 0; i < 100; i++) {
        connection.onFrame(new ClientFrame.UploadEnd(6));
      }
      assertThat(sink.lastError()).isEqualTo("rate-limited");
    }
  }

  @Nested
  class A_subscription {
    private final Topic topic = Topic.parse("log:a");

    @BeforeEach
    void signIn() {
      signedIn();
    }

    private SharedPublication publication(Topic of, long offset) {
      return new SharedPublication(
          Publication.log(of, "e", new StreamPosition("e1", offset), offset - 1, 0, Payload.NULL));
    }

    private void subscribe(long ref, String name) {
      connection.onFrame(new ClientFrame.Subscribe(ref, name, Optional.empty()));
    }

    private void resume(long ref, String... names) {
      List<TopicPosition> positions = List.of(names).stream()
          .map(
              name -> new TopicPosition(name, new io.madang.protocol.frame.StreamPosition("e1", 3)))
          .toList();
      connection.onFrame(new ClientFrame.Resume(ref, positions));
    }

    @Test
    void is_answered_with_its_position_and_then_brings_publications() {
      subscribe(2, "log:a");
      topics.grant("log:a", 4);
      connection.deliver(topic, List.of(publication(topic, 5)));

      assertThat(
              ((ServerFrame.Subscribed) sink.frames.get(0)).topic().position().offset())
          .isEqualTo(4);
      assertThat(((ServerFrame.Publication) sink.frames.get(1))
              .place()
              .orElseThrow()
              .offset())
          .isEqualTo(5);
    }

    @Test
    void that_is_denied_leaves_room_for_another_try() {
      subscribe(2, "log:a");
      topics.handlers.get(topic).on(new SubscribeOutcome.Refused(Refusal.of("forbidden", "No.")));
      assertThat(sink.lastError()).isEqualTo("forbidden");

      subscribe(3, "log:a");
      topics.grant("log:a", 4);

      assertThat(sink.last()).isInstanceOf(ServerFrame.Subscribed.class);
    }

    @Test
    void stands_once() {
      subscribe(2, "log:a");
      subscribe(3, "log:a");

      assertThat(sink.lastError()).isEqualTo("conflict");
    }

    @Test
    void has_a_name_that_can_be_one() {
      subscribe(2, "Not A Topic");

      assertThat(sink.lastError()).isEqualTo("bad-request");
    }

    @Test
    void beyond_the_limit_is_refused() {
      resume(2, names(18));
      subscribe(3, "log:b");
      subscribe(4, "log:c");
      subscribe(5, "log:d");

      assertThat(sink.lastError()).isEqualTo("too-many-topics");
    }

    @Test
    void ends_when_the_client_wants() {
      subscribe(2, "log:a");
      topics.grant("log:a", 4);
      connection.onFrame(new ClientFrame.Unsubscribe(3, "log:a"));

      assertThat(sink.last()).isEqualTo(new ServerFrame.Unsubscribed(3, "log:a", Optional.empty()));
      assertThat(topics.unsubscribed).containsExactly(topic);
    }

    @Test
    void that_is_taken_back_before_it_is_answered_answers_both_requests() {
      subscribe(2, "log:a");
      connection.onFrame(new ClientFrame.Unsubscribe(3, "log:a"));

      assertThat(sink.frames.get(0)).isInstanceOf(ServerFrame.Error.class);
      assertThat(sink.frames.get(1)).isInstanceOf(ServerFrame.Unsubscribed.class);
    }

    @Test
    void that_its_owner_ends_is_told_with_the_reason() {
      subscribe(2, "log:a");
      topics.grant("log:a", 4);
      connection.ended(topic, "kicked");

      assertThat(sink.last())
          .isEqualTo(new ServerFrame.Unsubscribed(0, "log:a", Optional.of("kicked")));

      subscribe(3, "log:a");
      assertThat(topics.handlers).hasSize(1);
    }

    @Test
    void that_lost_something_for_good_is_told() {
      subscribe(2, "log:a");
      topics.grant("log:a", 4);
      connection.gap(topic, new StreamPosition("e1", 4), new StreamPosition("e2", 9));

      assertThat(sink.last()).isInstanceOf(ServerFrame.Gap.class);
    }

    @Test
    void resumed_with_others_brings_nothing_before_all_are_answered() {
      resume(2, "log:a", "log:b");
      topics.grant("log:a", 4);
      connection.deliver(topic, List.of(publication(topic, 5)));

      assertThat(sink.frames).isEmpty();

      topics
          .handlers
          .get(Topic.parse("log:b"))
          .on(new SubscribeOutcome.Refused(Refusal.of("unknown-topic", "None.")));

      ServerFrame.Resumed resumed = (ServerFrame.Resumed) sink.frames.get(0);
      assertThat(resumed.topics())
          .extracting(ServerFrame.Resumption::topic)
          .containsExactly("log:a", "log:b");
      assertThat(resumed.topics().get(1)).isInstanceOf(ServerFrame.NotRestored.class);
      assertThat(sink.frames.get(1)).isInstanceOf(ServerFrame.Publication.class);
    }

    @Test
    void resumed_with_others_and_taken_back_brings_a_newer_one_nothing_of_the_older() {
      resume(2, "log:a", "log:b");
      topics.grant("log:a", 4);
      connection.deliver(topic, List.of(publication(topic, 5)));
      connection.onFrame(new ClientFrame.Unsubscribe(3, "log:a"));
      subscribe(4, "log:a");
      topics.grant("log:a", 5);
      connection.deliver(topic, List.of(publication(topic, 6)));
      topics.grant("log:b", 4);

      assertThat(offsetsHeard()).containsExactly(6L);
      ServerFrame.Resumed resumed = (ServerFrame.Resumed) sink.last();
      assertThat(resumed.topics().get(0)).isInstanceOf(ServerFrame.NotRestored.class);
    }

    @Test
    void resumed_with_others_and_ended_is_not_ended_again_once_the_client_has_asked_anew() {
      resume(2, "log:a", "log:b");
      topics.grant("log:a", 4);
      connection.ended(topic, "kicked");
      connection.onFrame(new ClientFrame.Unsubscribe(3, "log:a"));
      subscribe(4, "log:a");
      topics.grant("log:a", 5);
      topics.grant("log:b", 4);

      assertThat(sink.frames)
          .doesNotContain(new ServerFrame.Unsubscribed(0, "log:a", Optional.of("kicked")));
    }

    private List<Long> offsetsHeard() {
      return sink.frames.stream()
          .filter(ServerFrame.Publication.class::isInstance)
          .map(frame -> ((ServerFrame.Publication) frame).place().orElseThrow().offset())
          .toList();
    }

    private String[] names(int topics) {
      return IntStream.range(0, topics).mapToObj(i -> "log:n" + i).toArray(String[]::new);
    }

    private void grantWith(String name, int bytes) {
      Payload data = Payload.ofJson("\"" + "x".repeat(bytes) + "\"");
      topics
          .handlers
          .get(Topic.parse(name))
          .on(new SubscribeOutcome.Subscribed(
              new StreamPosition("e1", 4), true, Optional.of(data), List.of()));
    }

    private List<String> refusedForTheirSize() {
      return ((ServerFrame.Resumed) sink.last())
          .topics().stream()
              .filter(ServerFrame.NotRestored.class::isInstance)
              .map(ServerFrame.NotRestored.class::cast)
              .filter(refused -> refused.failure().code().equals("too-large"))
              .filter(refused -> refused.failure().retry() == Retry.LATER)
              .map(ServerFrame.NotRestored::topic)
              .toList();
    }

    @Test
    void resumed_with_others_is_refused_when_it_does_not_fit_their_answer() {
      resume(2, "log:a", "log:b", "log:c");
      grantWith("log:a", 200);
      grantWith("log:b", 200);
      topics.grant("log:c", 4);

      assertThat(refusedForTheirSize()).containsExactly("log:b", "log:c");
      assertThat(topics.unsubscribed).containsExactly(Topic.parse("log:b"), Topic.parse("log:c"));

      subscribe(3, "log:b");
      grantWith("log:b", 200);
      assertThat(sink.last()).isInstanceOf(ServerFrame.Subscribed.class);
    }

    @Test
    void resumed_fits_alone_whatever_it_brings() {
      resume(2, "log:a", "log:b");
      grantWith("log:a", 900);
      grantWith("log:b", 1);

      assertThat(refusedForTheirSize()).containsExactly("log:b");
    }

    @Test
    void resumed_with_many_waits_for_its_turn_and_is_not_asked_for_when_nothing_fits_any_more() {
      resume(2, names(20));
      assertThat(topics.asked).hasSize(TopicRequests.RESUMED_AT_ONCE);

      topics
          .handlers
          .get(Topic.parse("log:n0"))
          .on(new SubscribeOutcome.Refused(Refusal.of("unknown-topic", "None.")));
      assertThat(topics.asked).hasSize(TopicRequests.RESUMED_AT_ONCE + 1);

      for (int i = 1; i <= 16; i++) {
        grantWith("log:n" + i, 400);
      }
      assertThat(topics.asked).hasSize(TopicRequests.RESUMED_AT_ONCE + 1);
      assertThat(refusedForTheirSize()).hasSize(18).doesNotContain("log:n1").contains("log:n19");
    }

    @Test
    void taken_back_before_its_turn_in_a_resume_is_not_asked_for() {
      resume(2, names(17));
      connection.onFrame(new ClientFrame.Unsubscribe(3, "log:n16"));
      for (int i = 0; i < 16; i++) {
        topics.grant("log:n" + i, 4);
      }

      assertThat(topics.asked).hasSize(16).doesNotContainKey(Topic.parse("log:n16"));
      assertThat(((ServerFrame.Resumed) sink.last()).topics()).hasSize(17);
    }

    @Test
    void that_brings_too_much_while_others_of_its_resume_are_awaited_makes_the_connection_lag() {
      resume(2, "log:a", "log:b");
      topics.grant("log:a", 4);

      assertThat(connection.deliver(topic, logged(5, 7, 420))).isEqualTo(2);
      assertThat(connection.isLagging()).isTrue();
      assertThat(topics.drained).isEmpty();

      topics.grant("log:b", 4);
      assertThat(connection.isLagging()).isFalse();
      assertThat(topics.drained).containsExactly("u1");
    }

    @Test
    void resumed_twice_in_one_request_is_refused_as_a_whole() {
      resume(2, "log:a", "log:a");

      assertThat(sink.lastError()).isEqualTo("bad-request");
      assertThat(topics.asked).isEmpty();
    }

    @Test
    void resumed_with_nothing_is_answered_at_once() {
      resume(2);

      assertThat(sink.last()).isEqualTo(new ServerFrame.Resumed(2, List.of()));
    }

    @Test
    void ends_with_the_connection() {
      connection.onTransportClosed();

      assertThat(topics.disconnected).containsExactly("u1");
      assertThat(places.taken).isEmpty();
    }
  }

  @Nested
  class A_token {
    @Test
    void ends_the_connection_when_it_expires() {
      connection.onFrame(CONNECT);
      signIns.remove().complete(mina(Duration.ofSeconds(5)));
      time.pass(Duration.ofSeconds(6));

      assertThat(sink.last())
          .isEqualTo(new ServerFrame.Disconnect(4501, "token expired", false, 0));
    }

    @Test
    void is_replaced_by_a_newer_one_of_the_same_user() {
      connection.onFrame(CONNECT);
      signIns.remove().complete(mina(Duration.ofSeconds(5)));
      connection.onFrame(new ClientFrame.Refresh(2, "newer"));
      signIns.remove().complete(mina(Duration.ofSeconds(20)));

      assertThat(sink.last())
          .isEqualTo(new ServerFrame.Refreshed(2, Optional.of(FakeTime.START.plusSeconds(20))));

      time.pass(Duration.ofSeconds(6));
      assertThat(connection.isClosed()).isFalse();
    }

    @Test
    void may_be_followed_late_by_another_where_the_door_lets_nothing_through_meanwhile() {
      sink.lateToken = Duration.ofSeconds(10);
      connection.onFrame(CONNECT);
      signIns.remove().complete(mina(Duration.ofSeconds(5)));
      time.pass(Duration.ofSeconds(14));
      assertThat(connection.isClosed()).isFalse();

      connection.onFrame(new ClientFrame.Refresh(2, "newer"));
      signIns.remove().complete(mina(Duration.ofSeconds(30)));
      time.pass(Duration.ofSeconds(10));
      assertThat(connection.isClosed()).isFalse();

      time.pass(Duration.ofSeconds(16));
      assertThat(sink.closed).contains(CloseCode.TOKEN_EXPIRED);
    }

    @Test
    void of_another_user_is_refused_and_changes_nothing() {
      signedIn();
      connection.onFrame(new ClientFrame.Refresh(2, "theirs"));
      Instant later = FakeTime.START.plusSeconds(9_000);
      signIns
          .remove()
          .complete(new Principal("u2", "jun", Set.of(), false, later, "s2", FakeTime.START));

      assertThat(sink.lastError()).isEqualTo("forbidden");
      assertThat(connection.caller().user()).isEqualTo("u1");
    }

    @Test
    void that_is_no_good_does_not_end_what_the_old_one_opened() {
      signedIn();
      connection.onFrame(new ClientFrame.Refresh(2, "bad"));
      signInFails(Reason.BAD_TOKEN);

      assertThat(sink.lastError()).isEqualTo("bad-token");
      assertThat(connection.isClosed()).isFalse();
    }
  }

  @Nested
  class A_revocation {
    @Test
    void ends_the_connection_it_is_about_and_no_other() {
      signedIn();

      connections.endRevoked(principal -> principal.session().equals("s2"));
      assertThat(connection.isClosed()).isFalse();

      connections.endRevoked(principal -> principal.session().equals("s1"));
      assertThat(sink.closed).contains(CloseCode.REVOKED);
    }

    @Test
    void that_comes_while_somebody_is_let_in_lets_nobody_in_and_takes_no_place() {
      connection.onFrame(CONNECT);
      revoked.add("s1");
      signIns.remove().complete(mina(Duration.ofHours(1)));

      assertThat(sink.closed).contains(CloseCode.REVOKED);
      assertThat(places.taken).isEmpty();
    }

    @Test
    void that_was_not_told_yet_is_met_by_a_resume() {
      signedIn();
      revoked.add("s1");

      connection.onFrame(new ClientFrame.Resume(2, List.of()));

      assertThat(sink.closed).contains(CloseCode.REVOKED);
    }

    @Test
    void refuses_the_refresh_by_what_it_is_about() {
      signedIn();
      revoked.add("s1");
      connection.onFrame(new ClientFrame.Refresh(2, "newer"));
      signIns.remove().complete(mina(Duration.ofHours(1)));

      assertThat(sink.lastError()).isEqualTo("revoked");
    }
  }

  @Nested
  class A_silent_client {
    @BeforeEach
    void signIn() {
      signedIn();
    }

    @Test
    void is_asked_for_a_sign_of_life_and_then_closed() {
      time.pass(Duration.ofSeconds(16));
      assertThat(sink.probes).isEqualTo(1);
      assertThat(connection.isClosed()).isFalse();

      time.pass(Duration.ofSeconds(15));
      assertThat(sink.closed).contains(CloseCode.CLIENT_SILENT);
    }

    @Test
    void that_gives_a_sign_of_life_stays() {
      for (int minute = 0; minute < 10; minute++) {
        time.pass(Duration.ofSeconds(20));
        connection.onHeard();
      }

      assertThat(connection.isClosed()).isFalse();
    }
  }

  private static List<SharedPublication> logged(long from, long to, int bytes) {
    Topic topic = Topic.parse("log:a");
    Payload data = Payload.ofJson("\"" + "x".repeat(bytes - 2) + "\"");
    return LongStream.rangeClosed(from, to)
        .mapToObj(offset -> new SharedPublication(
            Publication.log(topic, "e", new StreamPosition("e1", offset), offset - 1, 0, data)))
        .toList();
  }

  @Nested
  class A_client_that_reads_slowly {
    private final Topic topic = Topic.parse("log:a");
    private final List<SharedPublication> typing = List.of(
        new SharedPublication(Publication.ephemeral(topic, "typing", 0, Payload.EMPTY_OBJECT)));

    @BeforeEach
    void open() {
      signedIn();
    }

    private void waiting(long bytes) {
      boolean isLess = bytes < sink.queuedBytes;
      sink.queuedBytes = bytes;
      if (isLess) {
        connection.onWritten();
      } else {
        connection.onFrame(new ClientFrame.Ping(2));
      }
      sink.take();
    }

    @Test
    void is_brought_no_ephemeral_events_first() {
      waiting(401);

      assertThat(connection.deliver(topic, typing)).isEqualTo(1);
      assertThat(sink.frames).isEmpty();
      assertThat(connection.deliver(topic, logged(1, 1, 10))).isEqualTo(1);
      assertThat(sink.frames).hasSize(1);
    }

    @Test
    void
        takes_what_a_topic_brings_in_one_piece_only_while_nothing_of_it_must_wait_or_be_left_out() {
      Bundle little = new Bundle(topic, logged(1, 3, 10));
      Bundle ephemeral = new Bundle(topic, typing);
      sink.sharesForms = true;
      assertThat(connection.takes(little)).isTrue();
      assertThat(connection.takes(ephemeral)).isTrue();
      waiting(401);
      assertThat(connection.takes(little)).isTrue();
      assertThat(connection.takes(ephemeral)).isFalse();
      assertThat(connection.takes(new Bundle(topic, logged(1, 3, 200)))).isFalse();
      waiting(801);
      assertThat(connection.takes(little)).isFalse();
      waiting(0);
      sink.sharesForms = false;
      assertThat(connection.takes(little)).isFalse();
      connection.close(CloseCode.RESTARTING, Duration.ZERO);

      assertThat(sink.together).hasSize(3);
      assertThat(connection.takes(little)).isFalse();
    }

    @Test
    void takes_no_publications_until_it_has_read_most_of_what_waits() {
      waiting(801);
      assertThat(connection.isLagging()).isTrue();
      assertThat(connection.deliver(topic, logged(1, 3, 10))).isZero();
      waiting(201);
      assertThat(topics.drained).isEmpty();
      waiting(200);

      assertThat(connection.isLagging()).isFalse();
      assertThat(topics.drained).containsExactly("u1");
      assertThat(connection.deliver(topic, logged(1, 3, 10))).isEqualTo(3);
    }

    @Test
    void is_still_answered() {
      waiting(801);
      connection.onFrame(new ClientFrame.Ping(3));

      assertThat(sink.last()).isInstanceOf(ServerFrame.Pong.class);
    }

    @Test
    void and_takes_nothing_for_long_is_closed_so_that_it_can_resume() {
      waiting(801);
      time.pass(Duration.ofSeconds(20));
      connection.onHeard();
      waiting(700);
      time.pass(Duration.ofSeconds(29));
      connection.onHeard();
      assertThat(sink.closed).isEmpty();
      time.pass(Duration.ofSeconds(2));

      assertThat(sink.closed).contains(CloseCode.SLOW_CONSUMER);
      assertThat(topics.drained).isEmpty();
    }

    @Test
    void and_takes_a_little_now_and_then_is_not_closed() {
      waiting(801);
      for (int i = 0; i < 10; i++) {
        sink.takenBytes++;
        time.pass(Duration.ofSeconds(20));
        connection.onHeard();
      }
      assertThat(sink.closed).isEmpty();
      time.pass(Duration.ofSeconds(20));
      connection.onHeard();
      time.pass(Duration.ofSeconds(20));

      assertThat(sink.closed).contains(CloseCode.SLOW_CONSUMER);
    }

    @Test
    void and_then_does_is_not_closed_later() {
      waiting(801);
      time.pass(Duration.ofSeconds(20));
      connection.onHeard();
      waiting(0);
      time.pass(Duration.ofSeconds(20));

      assertThat(sink.closed).isEmpty();
    }
  }

  @Nested
  class A_client_that_does_not_read {
    @Test
    void is_closed_so_that_it_can_resume() {
      signedIn();
      sink.queuedBytes = LIMITS.maxOutboundBytes() + 1L;
      connection.onFrame(new ClientFrame.Ping(2));

      assertThat(sink.closed).contains(CloseCode.SLOW_CONSUMER);
      assertThat(CloseCode.SLOW_CONSUMER.mayReconnect()).isTrue();
    }

    @Test
    void and_does_not_take_the_goodbye_either_is_cut() {
      signedIn();
      connection.close(CloseCode.RESTARTING, Duration.ofMillis(120));
      assertThat(sink.isCut).isFalse();

      time.pass(Connection.GOODBYE.plusSeconds(1));
      assertThat(sink.isCut).isTrue();
    }
  }

  @Nested
  class Unreadable_messages {
    @Test
    void are_answered_and_close_nothing() {
      signedIn();
      connection.onBadFrame(unreadable());

      ServerFrame.Error error = (ServerFrame.Error) sink.last();
      assertThat(error.ref()).isEqualTo(9);
      assertThat(error.failure().code()).isEqualTo("bad-request");
      assertThat(connection.isClosed()).isFalse();
    }

    @Test
    void that_never_end_close_for_good() {
      signedIn();
      for (int i = 0; i < Connection.MAX_BAD_FRAMES_IN_A_ROW; i++) {
        connection.onBadFrame(unreadable());
      }

      assertThat(sink.closed).contains(CloseCode.NOT_OUR_PROTOCOL);
    }

    @Test
    void with_readable_ones_between_them_do_not() {
      signedIn();
      for (int i = 0; i < Connection.MAX_BAD_FRAMES_IN_A_ROW * 2; i++) {
        connection.onBadFrame(unreadable());
        connection.onFrame(new ClientFrame.Ping(1));
      }

      assertThat(connection.isClosed()).isFalse();
    }

    private static BadFrameException unreadable() {
      try {
        new FrameCodec()
            .decodeClientFrame("{\"ref\":9,\"type\":\"shout\"}".getBytes(StandardCharsets.UTF_8));
        throw new AssertionError("it was read");
      } catch (BadFrameException e) {
        return e;
      }
    }
  }

  @Nested
  class An_orderly_stop {
    private static final ServerFrame GOODBYE =
        new ServerFrame.Disconnect(1012, "restarting", true, 120);

    private Future<Void> drain() {
      return connections.drain(
          CloseCode.RESTARTING,
          () -> Duration.ofMillis(700),
          () -> Duration.ofMillis(120),
          time.deadlines,
          time.nowMs());
    }

    @Test
    void serves_every_client_until_its_slot_and_waits_for_their_transports() {
      signedIn();
      Future<Void> gone = drain();
      time.pass(Duration.ofMillis(600));
      connection.onFrame(COMMAND);
      mesh.answers.get(0).complete(CommandOutcome.done(Payload.NULL));
      assertThat(sink.last()).isEqualTo(new ServerFrame.Reply(2, RawJson.NULL));

      time.pass(Duration.ofMillis(200));
      assertThat(sink.last()).isEqualTo(GOODBYE);
      assertThat(sink.closed).contains(CloseCode.RESTARTING);
      assertThat(gone.isComplete()).isFalse();

      connection.onTransportClosed();
      assertThat(gone.succeeded()).isTrue();
    }

    @Test
    void answers_what_was_asked_before_the_goodbye_and_takes_nothing_new() {
      signedIn();
      connection.onFrame(COMMAND);
      connection.onFrame(command(3));
      drain();
      time.pass(Duration.ofSeconds(1));
      mesh.answers.get(0).complete(CommandOutcome.done(Payload.NULL));
      assertThat(sink.last()).isEqualTo(new ServerFrame.Reply(2, RawJson.NULL));

      connection.onFrame(command(4));
      assertThat(sink.lastError()).isEqualTo("too-many-requests");
      assertThat(mesh.calls).hasSize(2);
      connection.onFrame(new ClientFrame.Ping(5));
      assertThat(sink.last()).isInstanceOf(ServerFrame.Pong.class);

      sink.take();
      mesh.answers.get(1).complete(CommandOutcome.done(Payload.NULL));
      assertThat(sink.take()).containsExactly(new ServerFrame.Reply(3, RawJson.NULL), GOODBYE);
      assertThat(places.taken).isEmpty();
    }

    @Test
    void does_not_wait_for_answers_for_ever() {
      signedIn();
      connection.onFrame(COMMAND);
      drain();
      time.pass(Duration.ofSeconds(1).plus(Connection.GOODBYE));
      assertThat(sink.last()).isEqualTo(GOODBYE);
    }
  }
}
