package io.madang.runtime.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HeldConnectionTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final FakeStore store = new FakeStore();
  private final HeldConnection<String> held = held(LONG);

  private HeldConnection<String> held(Duration connectLimit) {
    Backoff quick = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5));
    return new HeldConnection<>(vertx, "Store at here", "ITS_URL", store, quick, connectLimit);
  }

  @AfterEach
  void close() {
    Done.of(vertx.close());
  }

  /** A store that is asked and answered by hand. */
  private static final class FakeStore implements HeldConnection.Connector<String> {
    private record Asked(Promise<String> promise, Handler<Throwable> onEnd) {}

    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final List<String> dropped = new CopyOnWriteArrayList<>();

    @Override
    public Future<String> connect(Handler<Throwable> onEnd) {
      Asked next = new Asked(Promise.promise(), onEnd);
      asked.add(next);
      return next.promise.future();
    }

    @Override
    public void drop(String connection) {
      dropped.add(connection);
    }

    @Override
    public boolean isFinal(Throwable failure) {
      return failure.getMessage().contains("password");
    }

    Asked awaitAsked(int number) {
      await().until(() -> asked.size() >= number);
      return asked.get(number - 1);
    }
  }

  @Test
  void waits_for_a_store_that_comes_late() {
    Future<Void> started = held.start(LONG);
    store.awaitAsked(1).promise().fail("refused");
    store.awaitAsked(2).promise().fail("refused");
    store.awaitAsked(3).promise().complete("third");

    Done.of(started);

    assertThat(held.live()).contains("third");
    assertThat(held.problem()).isEmpty();
  }

  @Test
  void gives_up_with_a_sentence_when_the_store_does_not_come() {
    Future<Void> started = held.start(Duration.ofMillis(500));
    store.awaitAsked(1).promise().fail("refused");

    assertThatThrownBy(() -> Done.of(started))
        .isInstanceOf(StoreStartException.class)
        .hasMessage(
            "Store at here does not answer within 500 ms (refused); start it or correct ITS_URL");
  }

  @Test
  void gives_up_at_once_when_waiting_does_not_help() {
    Future<Void> started = held.start(LONG);
    store.awaitAsked(1).promise().fail("wrong password");

    assertThatThrownBy(() -> Done.of(started))
        .isInstanceOf(StoreStartException.class)
        .hasMessage(
            "Store at here turns us away (wrong password); correct ITS_URL, or let that user in there");
  }

  @Test
  void is_replaced_once_however_often_its_end_is_told() {
    AtomicInteger told = new AtomicInteger();
    held.onReconnect(told::incrementAndGet);
    Future<Void> started = held.start(LONG);
    FakeStore.Asked first = store.awaitAsked(1);
    first.promise().complete("first");
    Done.of(started);

    first.onEnd().handle(null);
    first.onEnd().handle(new IllegalStateException("reset"));
    held.giveUp("first", new IllegalStateException("slow"));
    store.awaitAsked(2).promise().complete("second");

    await().until(() -> held.live().equals(java.util.Optional.of("second")));
    first.onEnd().handle(null);
    held.giveUp("first", new IllegalStateException("slow"));
    await().until(() -> told.get() == 1);
    assertThat(held.live()).contains("second");
    assertThat(store.asked).hasSize(2);
    assertThat(store.dropped).containsExactly("first");
  }

  @Test
  void that_ended_before_it_was_up_is_tried_again() {
    Future<Void> started = held.start(LONG);
    FakeStore.Asked first = store.awaitAsked(1);
    first.onEnd().handle(null);
    FakeStore.Asked second = store.awaitAsked(2);
    first.promise().complete("first");
    second.promise().complete("second");

    Done.of(started);

    assertThat(held.live()).contains("second");
    await().until(() -> store.dropped.contains("first"));
  }

  @Test
  void that_comes_after_its_limit_is_dropped() {
    HeldConnection<String> impatient = held(Duration.ofMillis(500));
    Future<Void> started = impatient.start(LONG);
    FakeStore.Asked late = store.awaitAsked(1);
    store.awaitAsked(2).promise().complete("second");
    Done.of(started);

    late.promise().complete("late");

    await().until(() -> store.dropped.contains("late"));
    assertThat(impatient.live()).contains("second");
  }

  @Test
  void that_is_closed_is_dropped_and_not_replaced() {
    Future<Void> started = held.start(LONG);
    FakeStore.Asked first = store.awaitAsked(1);
    first.promise().complete("first");
    Done.of(started);

    Done.of(held.close());
    first.onEnd().handle(null);
    Done.of(held.close());

    assertThat(held.live()).isEmpty();
    assertThat(held.problem()).contains("Store at here is closed");
    assertThat(store.dropped).containsExactly("first");
    assertThat(store.asked).hasSize(1);
  }

  @Test
  void that_is_closed_while_it_is_made_is_dropped_when_it_comes() {
    Future<Void> started = held.start(LONG);
    FakeStore.Asked first = store.awaitAsked(1);

    Done.of(held.close());
    first.promise().complete("first");

    await().until(() -> store.dropped.contains("first"));
    assertThatThrownBy(() -> Done.of(started)).isInstanceOf(StoreStartException.class);
  }
}
