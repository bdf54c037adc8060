package io.madang.gateway.edge.signalr.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Homes;
import io.madang.gateway.edge.relay.Line;
import io.madang.gateway.edge.relay.LostAtFirst;
import io.madang.gateway.edge.relay.Relay;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HubHeirNewsTest {
  private static final String SELF = "self";

  private final List<String> others = new ArrayList<>(List.of("a", "b"));
  private final DeadlineWheel deadlines = new DeadlineWheel(0);
  private final HubHeirs heirs = new HubHeirs();

  /** To whom something was said, in order, and not answered. */
  private final Map<String, IntConsumer> asked = new LinkedHashMap<>();

  /** What was said in all. */
  private final List<String> said = new ArrayList<>();

  private long nowMs;

  private final HubHeirNews news = new HubHeirNews(
      SELF,
      heirs,
      new HubHeirNews.Around(
          () -> others,
          Other::new,
          (wait, task) -> deadlines.at(nowMs + wait.toMillis(), task),
          () -> 0.5));

  /** Another gateway, which answers when the test says so. */
  private final class Other implements Home<Payload, Payload> {
    private final String node;

    Other(String node) {
      this.node = node;
    }

    @Override
    public Waiting receive(String name, Payload request, Taker taker) {
      throw new AssertionError("nobody waits for heirs");
    }

    @Override
    public void deliver(String teller, Payload note, IntConsumer outcome) {
      HubHeirs its = new HubHeirs();
      new HubHeirNews(node, its, nobody()).deliver(teller, note, status -> {});
      said.add(node + shown(its));
      assertThat(asked.put(node, outcome)).as("one at a time").isNull();
    }
  }

  private static Map<String, String> shown(HubHeirs heirs) {
    Map<String, String> shown = new TreeMap<>();
    heirs.all().forEach((stopped, heir) -> shown.put(stopped, heir.node()));
    return shown;
  }

  private static HubHeirNews.Around nobody() {
    return new HubHeirNews.Around(
        List::of,
        node -> {
          throw new AssertionError(node);
        },
        (wait, task) -> {
          throw new AssertionError(wait);
        },
        () -> 0);
  }

  private void answer(String node, int status) {
    asked.remove(node).accept(status);
  }

  private void pass(Duration time) {
    long until = nowMs + time.toMillis();
    while (nowMs < until) {
      nowMs = Math.min(until, nowMs + DeadlineWheel.TICK_MS);
      deadlines.advance(nowMs);
    }
  }

  @Nested
  class A_gateway_that_stops {
    private final Future<Void> told;

    A_gateway_that_stops() {
      heirs.goesOn(SELF, "a", 1);
      told = news.tellAll();
    }

    @Test
    void tells_all_others_and_waits_until_the_last_has_answered() {
      assertThat(said).containsExactlyInAnyOrder("a{self=a}", "b{self=a}");
      answer("a", Home.TAKEN);
      assertThat(told.isComplete()).isFalse();
      answer("b", Home.TAKEN);

      assertThat(told.succeeded()).isTrue();
      news.membersChanged();
      assertThat(said).hasSize(2);
    }

    @Test
    void waits_no_longer_than_a_while_for_one_that_is_silent() {
      answer("a", Home.TAKEN);
      pass(HubHeirNews.TOLD_WITHIN.minusMillis(DeadlineWheel.TICK_MS));
      assertThat(told.isComplete()).isFalse();
      pass(Duration.ofMillis(2 * DeadlineWheel.TICK_MS));

      assertThat(told.succeeded()).isTrue();
    }

    @Test
    void does_not_wait_for_one_that_is_gone() {
      answer("a", Home.TAKEN);
      others.remove("b");
      news.membersChanged();

      assertThat(told.succeeded()).isTrue();
    }

    @Test
    void tells_whoever_was_given_up_anew_after_more_than_a_second_as_long_as_it_is_live() {
      answer("a", Home.TAKEN);
      answer("b", Home.UNKNOWN);
      pass(HubHeirNews.AGAIN);
      assertThat(said).hasSize(2);
      pass(HubHeirNews.AGAIN);
      assertThat(said).hasSize(3).endsWith("b{self=a}");
      answer("b", Home.UNKNOWN);
      others.remove("b");
      pass(HubHeirNews.AGAIN.multipliedBy(3));

      assertThat(said).hasSize(3);
    }

    @Test
    void tells_what_it_hears_meanwhile_behind_what_is_on_its_way() {
      heirs.goesOn("c", "d", 2);
      news.membersChanged();
      assertThat(said).hasSize(2);
      answer("b", Home.TAKEN);

      assertThat(said).hasSize(3).endsWith("b{c=d, self=a}");
    }
  }

  @Nested
  class A_gateway_that_goes_on_for_others {
    @Test
    void tells_all_that_it_knows_to_whoever_starts_later_and_once() {
      heirs.goesOn("x", "y", 3);
      heirs.goesOn("y", SELF, 4);
      news.membersChanged();
      answer("a", Home.TAKEN);
      answer("b", Home.TAKEN);
      others.add("c");
      news.membersChanged();
      answer("c", Home.TAKEN);
      news.membersChanged();

      assertThat(said).hasSize(3).endsWith("c{x=y, y=self}");
    }

    @Test
    void tells_nothing_to_who_told_it() {
      HubHeirs its = new HubHeirs();
      its.goesOn("a", SELF, 5);
      List<Payload> notes = new ArrayList<>();
      HubHeirNews teller = new HubHeirNews(
          "a",
          its,
          new HubHeirNews.Around(
              () -> List.of(SELF),
              node -> hearing(notes),
              (wait, task) -> deadlines.at(0, task),
              () -> 0));
      Future<Void> unused = teller.tellAll();
      news.deliver("a", notes.get(0), status -> assertThat(status).isEqualTo(Home.TAKEN));

      assertThat(heirs.of("a", SELF::equals)).contains(SELF);
      assertThat(said).containsExactly("b{a=self}");
    }

    private Home<Payload, Payload> hearing(List<Payload> notes) {
      return new Home<>() {
        @Override
        public Waiting receive(String name, Payload request, Taker taker) {
          throw new AssertionError("nobody waits for heirs");
        }

        @Override
        public void deliver(String name, Payload note, IntConsumer outcome) {
          notes.add(note);
        }
      };
    }
  }

  @Test
  void a_gateway_that_stops_and_has_no_heir_waits_for_nobody() {
    assertThat(news.tellAll().succeeded()).isTrue();
    assertThat(said).isEmpty();
  }

  @Test
  void any_other_gateway_leaves_that_to_those() {
    heirs.goesOn("x", "y", 6);
    news.membersChanged();

    assertThat(said).isEmpty();
  }

  /** Else each would tell the other for ever what that one has just forgotten. */
  @Test
  void those_that_told_each_other_forget_the_same_whatever_they_heard_first() {
    HubHeirs its = new HubHeirs();
    for (int i = 0; i < HubHeirs.MAX_KNOWN; i++) {
      heirs.goesOn("stopped-" + i, "a", i);
      its.goesOn("stopped-" + (HubHeirs.MAX_KNOWN + 9 - i), "a", HubHeirs.MAX_KNOWN + 9 - i);
    }
    its.hear(heirs.all());
    heirs.hear(its.all());

    assertThat(heirs.all())
        .isEqualTo(its.all())
        .hasSize(HubHeirs.MAX_KNOWN)
        .doesNotContainKey("stopped-9")
        .containsKey("stopped-10");
  }

  @Test
  void what_is_known_is_bounded_and_the_oldest_is_forgotten() {
    for (int i = 0; i <= HubHeirs.MAX_KNOWN; i++) {
      heirs.goesOn("stopped-" + i, "a", 1_000 + i);
    }

    assertThat(heirs.all()).hasSize(HubHeirs.MAX_KNOWN).doesNotContainKey("stopped-0");
    assertThat(heirs.of("stopped-1", "a"::equals)).contains("a");
  }

  /** Gateways of which each word to another is lost when it is said first. */
  @Nested
  class Over_a_bus_that_loses {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong clockMs = new AtomicLong();
    private final Map<String, Gateway> gateways = new LinkedHashMap<>();
    private final BiPredicate<String, Payload> arrives = new LostAtFirst();

    private final class Gateway implements Line {
      private final String id;
      private final HubHeirs known = new HubHeirs();
      private final Context loop = ((VertxInternal) vertx).createEventLoopContext();
      private final DeadlineWheel wheel = new DeadlineWheel(0);
      private final Homes<Payload, Payload> homes = new Homes<>(1, teller -> 0);
      private final Relay relay =
          new Relay.Plan().with("heirs", homes, new HubHeirNews.Notes()).begin(this, 1);
      private final HubHeirNews its;

      Gateway(String id) {
        this.id = id;
        this.its = new HubHeirNews(
            id,
            known,
            new HubHeirNews.Around(
                () -> gateways.keySet().stream()
                    .filter(other -> !other.equals(id))
                    .toList(),
                node -> relay.elsewhere(0, "heirs", new HubHeirNews.Notes(), node),
                (wait, task) -> wheel.at(clockMs.get() + wait.toMillis(), task),
                () -> 0.5));
        run(() -> {
          relay.movedIn(0, loop, wheel, clockMs::get);
          homes.movedIn(0, loop, its);
        });
        gateways.put(id, this);
      }

      void run(Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.runOnContext(turn -> {
          task.run();
          done.complete(null);
        });
        done.orTimeout(10, TimeUnit.SECONDS).join();
      }

      @Override
      public void send(String node, Payload word) {
        if (arrives.test(node, word)) {
          gateways.get(node).relay.heard(id, word);
        }
      }

      @Override
      public boolean isLive(String node) {
        return gateways.containsKey(node);
      }
    }

    @Test
    void all_know_before_connections_are_handed_over() throws Exception {
      try {
        Gateway stopping = new Gateway("stopping");
        List<Gateway> rest = List.of(new Gateway("a"), new Gateway("b"), new Gateway("c"));
        stopping.known.goesOn("stopping", "b", 7);
        CompletableFuture<Void> told = new CompletableFuture<>();
        stopping.run(() -> stopping.its.tellAll().onSuccess(told::complete));
        await().pollInterval(Duration.ofMillis(5)).until(() -> {
          long now = clockMs.addAndGet(DeadlineWheel.TICK_MS);
          gateways.values().forEach(each -> each.run(() -> each.wheel.advance(now)));
          return told.isDone();
        });

        assertThat(clockMs.get()).isLessThan(HubHeirNews.TOLD_WITHIN.toMillis());
        assertThat(rest)
            .allSatisfy(
                each -> assertThat(each.known.of("stopping", "b"::equals)).contains("b"));
      } finally {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      }
    }
  }
}
