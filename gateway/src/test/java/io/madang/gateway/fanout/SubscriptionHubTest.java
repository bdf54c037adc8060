package io.madang.gateway.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.command.Caller;
import io.madang.runtime.mesh.GatewayEndpoint;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.metrics.MeterNames;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SubscriptionHubTest {
  private static final Topic LOG = Topic.parse("log:a");
  private static final Topic WATCHED = Topic.parse("watch:a");

  private final Vertx vertx = Vertx.vertx();
  private final Mesh mesh = Mesh.local(vertx, "test", "gateway", "logs");
  private final LogService logs = new LogService();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final SubscriptionHub hub = new SubscriptionHub(
      HubMesh.of(mesh),
      HubTime.of(vertx),
      new Random(1),
      new HubLimits(Duration.ofMillis(200), 400_000, 100_000),
      metrics);
  private final Context loop = vertx.getOrCreateContext();
  private Fanout fanout;

  @BeforeEach
  void start() throws Exception {
    get(mesh.start());
    get(mesh.serve(logs));
    get(hub.start());
    fanout = hub.newFanout(task -> loop.runOnContext(turn -> task.run()));
  }

  @AfterEach
  void stop() throws Exception {
    get(mesh.stop());
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private <T> T onLoop(Supplier<T> work) throws Exception {
    Promise<T> promise = Promise.promise();
    loop.runOnContext(turn -> promise.complete(work.get()));
    return get(promise.future());
  }

  private final class Client implements Subscriber {
    private final String name;
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

    private Client(String name) throws Exception {
      this.name = name;
      onLoop(() -> {
        fanout.connected(this);
        return null;
      });
    }

    @Override
    public String connection() {
      return "c-" + name;
    }

    @Override
    public Caller caller() {
      return Caller.person("u_" + name, name, Set.of(), false, Optional.of(connection()));
    }

    @Override
    public int deliver(Topic topic, List<SharedPublication> publications) {
      publications.forEach(
          shared -> heard.add(topic + " " + shared.publication().offset()));
      return publications.size();
    }

    @Override
    public boolean isLagging() {
      return false;
    }

    @Override
    public void gap(Topic topic, StreamPosition from, StreamPosition to) {
      heard.add(topic + " gap " + from.offset() + " " + to.offset());
    }

    @Override
    public void ended(Topic topic, String reason) {
      heard.add(topic + " " + reason);
    }

    private SubscribeOutcome subscribe(Topic topic, Optional<StreamPosition> since)
        throws Exception {
      Promise<SubscribeOutcome> outcome = Promise.promise();
      loop.runOnContext(turn -> fanout.subscribe(this, topic, since, outcome::complete));
      return get(outcome.future());
    }

    private SubscribeOutcome.Subscribed subscribed(Topic topic, Optional<StreamPosition> since)
        throws Exception {
      return (SubscribeOutcome.Subscribed) subscribe(topic, since);
    }

    private void hears(String... expected) {
      await()
          .atMost(5, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(heard).containsExactly(expected));
    }
  }

  /** How many readers had their past from there. */
  private double served(String from) {
    return metrics.counter(MeterNames.CATCH_UPS, MeterNames.OUTCOME, from).count();
  }

  /** How many holes were filled from there. */
  private double filled(String from) {
    return metrics.counter(MeterNames.HOLES, MeterNames.OUTCOME, from).count();
  }

  /** Brings the hub what comes, but for one publication. */
  private record Losing(SubscriptionHub hub, long lost) implements GatewayEndpoint {
    @Override
    public void onBatch(List<Publication> publications) {
      throw new IllegalStateException("the other one is called");
    }

    @Override
    public void onBatch(String node, List<Publication> publications, Runnable taken) {
      List<Publication> left = publications.stream()
          .filter(publication -> publication.offset() != lost)
          .toList();
      hub.onBatch(node, left, taken);
    }

    @Override
    public void onEvidence(String service) {
      hub.onEvidence(service);
    }
  }

  @Nested
  class A_subscription {
    @Test
    void starts_behind_its_snapshot() throws Exception {
      logs.put(LOG, 3);
      Client mina = new Client("mina");
      SubscribeOutcome.Subscribed outcome = mina.subscribed(LOG, Optional.empty());
      assertThat(outcome.position().offset()).isEqualTo(3);
      assertThat(outcome.recovered()).isFalse();
      assertThat(outcome.snapshot()).isPresent();
      logs.put(LOG, 2);
      mina.hears("log:a 4", "log:a 5");
    }

    @Test
    void continues_from_a_position_over_many_pages() throws Exception {
      logs.put(LOG, 1_234);
      Client mina = new Client("mina");
      SubscribeOutcome.Subscribed outcome =
          mina.subscribed(LOG, Optional.of(new StreamPosition(LogService.EPOCH, 4)));
      assertThat(outcome.recovered()).isTrue();
      assertThat(outcome.publications()).hasSize(1_230);
      assertThat(outcome.position().offset()).isEqualTo(1_234);
    }

    @Test
    void that_missed_more_than_one_answer_may_bring_hears_the_rest_behind_it() throws Exception {
      logs.put(LOG, 4_000);
      Client mina = new Client("mina");
      SubscribeOutcome.Subscribed outcome =
          mina.subscribed(LOG, Optional.of(new StreamPosition(LogService.EPOCH, 0)));
      logs.put(LOG, 1);

      assertThat(outcome.recovered()).isTrue();
      int answered = outcome.publications().size();
      assertThat(answered).isBetween(1_000, 2_000);
      assertThat(outcome.position().offset()).isEqualTo(answered);
      mina.hears(LongStream.rangeClosed(answered + 1, 4_001)
          .mapToObj(offset -> "log:a " + offset)
          .toArray(String[]::new));
    }

    @Test
    void of_another_life_is_not_recovered() throws Exception {
      logs.put(LOG, 3);
      SubscribeOutcome.Subscribed outcome =
          new Client("mina").subscribed(LOG, Optional.of(new StreamPosition("other", 1)));
      assertThat(outcome.recovered()).isFalse();
      assertThat(outcome.snapshot()).isPresent();
    }

    @Test
    void misses_nothing_that_is_published_while_it_is_set_up() throws Exception {
      logs.put(LOG, 1);
      logs.duringNextRead(() -> logs.putNow(LOG, 5));
      Client mina = new Client("mina");
      SubscribeOutcome.Subscribed outcome = mina.subscribed(LOG, Optional.empty());
      logs.put(LOG, 1);
      await()
          .atMost(5, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(outcome.publications().size() + mina.heard.size())
              .isEqualTo((int) (7 - outcome.position().offset())
                  + outcome.publications().size()));
      assertThat(mina.heard).endsWith("log:a 7");
    }

    @Test
    void that_comes_back_soon_is_served_from_here() throws Exception {
      logs.put(LOG, 5);
      new Client("mina").subscribed(LOG, Optional.of(new StreamPosition(LogService.EPOCH, 1)));
      SubscribeOutcome.Subscribed outcome =
          new Client("jun").subscribed(LOG, Optional.of(new StreamPosition(LogService.EPOCH, 2)));

      assertThat(outcome.recovered()).isTrue();
      assertThat(outcome.publications()).hasSize(3);
      assertThat(served(MeterNames.FROM_RECENT)).isEqualTo(1);
    }

    @Test
    void whose_answer_is_overtaken_by_a_later_one_misses_nothing() throws Exception {
      logs.put(LOG, 3);
      Client mina = new Client("mina");
      Client jun = new Client("jun");
      Promise<Void> held = Promise.promise();
      logs.holdNextAnswer(held.future());
      Promise<SubscribeOutcome> minas = Promise.promise();
      loop.runOnContext(turn -> fanout.subscribe(mina, LOG, Optional.empty(), minas::complete));
      await().atMost(5, TimeUnit.SECONDS).until(logs::isAnswerHeld);
      logs.putUnpublished(LOG, 2);
      jun.subscribed(LOG, Optional.empty());
      held.complete();
      SubscribeOutcome.Subscribed outcome = (SubscribeOutcome.Subscribed) get(minas.future());
      logs.put(LOG, 1);

      assertThat(outcome.position().offset()).isEqualTo(5);
      mina.hears("log:a 6");
      jun.hears("log:a 6");
    }

    @Test
    void to_nobodys_topic_or_without_permission_is_refused() throws Exception {
      Client mina = new Client("mina");
      assertThat(mina.subscribe(Topic.parse("nothing:a"), Optional.empty()))
          .isInstanceOf(SubscribeOutcome.Refused.class);
      logs.ban("u_mina");
      assertThat(mina.subscribe(LOG, Optional.empty()))
          .isInstanceOf(SubscribeOutcome.Refused.class);
    }

    @Test
    void that_ended_hears_nothing_more_and_another_goes_on() throws Exception {
      Client mina = new Client("mina");
      Client jun = new Client("jun");
      mina.subscribed(LOG, Optional.empty());
      jun.subscribed(LOG, Optional.empty());
      onLoop(() -> fanout.unsubscribe(mina, LOG));
      logs.put(LOG, 1);
      jun.hears("log:a 1");
      assertThat(mina.heard).isEmpty();
    }

    @Test
    void of_a_connection_that_is_over_is_given_back() throws Exception {
      Client mina = new Client("mina");
      mina.subscribed(LOG, Optional.empty());
      onLoop(() -> {
        fanout.disconnected(mina);
        return null;
      });
      await().atMost(5, TimeUnit.SECONDS).until(() -> !logs.isWanted(LOG));
    }
  }

  @Nested
  class A_lost_publication {
    @Test
    void is_read_from_the_owner_when_the_next_one_shows_the_hole() throws Exception {
      Client mina = new Client("mina");
      mina.subscribed(LOG, Optional.empty());
      logs.putUnpublished(LOG, 2);
      logs.put(LOG, 1);
      mina.hears("log:a 1", "log:a 2", "log:a 3");
    }

    @Test
    void is_told_by_the_node_that_published_it_when_that_still_has_it() throws Exception {
      Client mina = new Client("mina");
      mina.subscribed(LOG, Optional.empty());
      get(mesh.attach(new Losing(hub, 2)));
      logs.put(LOG, 3);
      mina.hears("log:a 1", "log:a 2", "log:a 3");
      await()
          .atMost(5, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(filled(MeterNames.FROM_SENDER)).isEqualTo(1));
      assertThat(filled(MeterNames.FROM_HISTORY)).isZero();
    }

    @Test
    void at_the_end_is_read_when_a_node_of_the_owner_left() throws Exception {
      Client mina = new Client("mina");
      mina.subscribed(LOG, Optional.empty());
      logs.putUnpublished(LOG, 2);
      mesh.loop().runOnContext(turn -> hub.onEvidence("logs"));
      mina.hears("log:a 1", "log:a 2");
    }

    @Test
    void that_the_owner_has_no_more_is_told_as_a_gap() throws Exception {
      Client mina = new Client("mina");
      mina.subscribed(LOG, Optional.empty());
      logs.putUnpublished(LOG, 4);
      logs.forgetBefore(3);
      logs.put(LOG, 1);
      mina.hears("log:a gap 0 5");
    }
  }

  @Nested
  class A_batch {
    private Publication next(long offset) {
      return Publication.log(
          LOG, "put", new StreamPosition(LogService.EPOCH, offset), offset - 1, 0, Payload.NULL);
    }

    private void arrives(Runnable taken, Publication... publications) {
      mesh.loop().runOnContext(turn -> hub.onBatch("logs-1.a", List.of(publications), taken));
    }

    @Test
    void is_taken_when_every_loop_has_it_and_no_earlier() throws Exception {
      Client mina = new Client("mina");
      mina.subscribed(LOG, Optional.empty());
      Context other = ((VertxInternal) vertx).createEventLoopContext();
      List<String> told = Collections.synchronizedList(new ArrayList<>());
      hub.newFanout(task -> other.runOnContext(turn -> task.run()));

      arrives(() -> told.add("taken after " + mina.heard), next(1), next(2));
      mina.hears("log:a 1", "log:a 2");
      await()
          .atMost(5, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(told).containsExactly("taken after [log:a 1, log:a 2]"));
    }

    @Test
    void that_nobody_wants_is_taken_at_once() throws Exception {
      Promise<Void> taken = Promise.promise();
      arrives(taken::complete, next(1));
      get(taken.future());
    }

    @Test
    void that_waits_for_an_earlier_one_is_taken() throws Exception {
      Client mina = new Client("mina");
      mina.subscribed(LOG, Optional.empty());
      Promise<Void> taken = Promise.promise();
      arrives(taken::complete, next(7));
      get(taken.future());
      assertThat(mina.heard).isEmpty();
    }

    @Test
    void that_was_left_out_is_read_from_the_owner() throws Exception {
      Client mina = new Client("mina");
      mina.subscribed(LOG, Optional.empty());
      logs.putUnpublished(LOG, 3);
      Map<Topic, StreamPosition> newest = Map.of(
          LOG,
          new StreamPosition(LogService.EPOCH, 3),
          WATCHED,
          new StreamPosition(LogService.EPOCH, 1));
      mesh.loop().runOnContext(turn -> hub.onLeftOut("logs-1.a", newest));
      mina.hears("log:a 1", "log:a 2", "log:a 3");
    }
  }

  @Nested
  class After_this_process_stood_still {
    @Test
    void what_was_lost_is_delivered_before_what_comes() throws Exception {
      Client mina = new Client("mina");
      mina.subscribed(LOG, Optional.empty());
      logs.putUnpublished(LOG, 2);
      mesh.loop().runOnContext(turn -> hub.onStoodStill());
      logs.put(LOG, 1);
      mina.hears("log:a 1", "log:a 2", "log:a 3");
    }

    @Test
    void nobody_hears_what_came_after_a_cut_that_was_lost() throws Exception {
      Client mina = new Client("mina");
      Client jun = new Client("jun");
      for (Client client : List.of(mina, jun)) {
        client.subscribed(LOG, Optional.empty());
        client.subscribed(WATCHED, Optional.empty());
      }
      logs.revokeUnpublished(LOG, "u_mina", "kicked");
      mesh.loop().runOnContext(turn -> hub.onStoodStill());
      logs.put(WATCHED, 1);
      jun.hears("log:a 1", "watch:a 1");
      mina.hears("log:a 1", "log:a kicked", "watch:a kicked");
    }
  }

  @Nested
  class A_revocation {
    @Test
    void ends_the_users_subscriptions_to_the_topic_and_to_what_it_guards() throws Exception {
      Client mina = new Client("mina");
      Client jun = new Client("jun");
      for (Client client : List.of(mina, jun)) {
        client.subscribed(LOG, Optional.empty());
        client.subscribed(WATCHED, Optional.empty());
      }
      logs.revoke(LOG, "u_mina", "kicked");
      logs.put(WATCHED, 1);
      jun.hears("log:a 1", "watch:a 1");
      mina.hears("log:a 1", "log:a kicked", "watch:a kicked");
    }

    @Test
    void of_a_guard_that_nobody_hears_ends_what_it_guards() throws Exception {
      Client mina = new Client("mina");
      mina.subscribed(WATCHED, Optional.empty());
      logs.revoke(LOG, "u_mina", "kicked");
      mina.hears("watch:a kicked");
    }

    @Test
    void older_than_the_permission_does_not_end_a_new_subscription() throws Exception {
      Client jun = new Client("jun");
      jun.subscribed(LOG, Optional.empty());
      logs.revokeUnpublished(LOG, "u_mina", "left");
      Client mina = new Client("mina");
      mina.subscribed(LOG, Optional.empty());
      logs.put(LOG, 1);
      jun.hears("log:a 1", "log:a 2");
      mina.hears("log:a 2");
    }

    @Test
    void denies_a_guarded_topic_when_its_guard_does() throws Exception {
      logs.ban("u_mina");
      assertThat(new Client("mina").subscribe(WATCHED, Optional.empty()))
          .isInstanceOf(SubscribeOutcome.Refused.class);
    }
  }
}
