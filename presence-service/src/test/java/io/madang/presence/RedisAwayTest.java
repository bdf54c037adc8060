package io.madang.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.config.Secret;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.store.StoreUnavailableException;
import io.madang.runtime.topic.StreamPosition;
import io.madang.testkit.TestServer;
import io.madang.testkit.TestStores;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RedisAwayTest {
  private static final Duration LEASE = Duration.ofSeconds(80);
  private static final Duration GRACE = Duration.ofSeconds(60);
  private static final Duration BEAT = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final TestTime time = new TestTime();
  private final FakeGateway east = new FakeGateway("east.a1");
  private final FakeGateway west = new FakeGateway("west.b1");
  private TestServer redis;
  private Vertx vertx;
  private PresenceNode node;

  @BeforeEach
  void start() {
    redis = TestStores.ownRedis();
    vertx = Vertx.vertx();
    Secret url = new Secret(redis.url());
    PresenceConfig config =
        new PresenceConfig(url, LEASE, GRACE, BEAT, Duration.ofMillis(20), 100, 10);
    node = new PresenceNode(vertx, config, time, Set.of(east.id(), west.id()));
    time.pass(LEASE.plus(BEAT).plus(BEAT), BEAT, node);
    east.connect("c1", "ann").enter("c1", "dev").tell(node);
    west.connect("c2", "bob").enter("c2", "dev").tell(node);
  }

  @AfterEach
  void stop() {
    node.stop();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    redis.close();
  }

  @Test
  void observing_and_subscribing_fail_at_once_and_work_when_it_is_back() {
    redis.kill();
    await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(AssertionError.class)
        .untilAsserted(() -> assertThatThrownBy(() -> node.subscribe("presence:dev"))
            .isInstanceOf(StoreUnavailableException.class));
    assertThatThrownBy(() -> east.tryTell(node)).isInstanceOf(StoreUnavailableException.class);

    redis.start();
    tellWhenBack(east);
    tellWhenBack(west);

    assertThat(node.users("presence:dev")).containsExactly("ann", "bob");
  }

  @Test
  void a_restart_begins_new_epochs_and_takes_nobody_offline() {
    StreamPosition before = node.subscribe("presence:dev").position();
    StreamPosition online = node.subscribe("online").position();
    node.forget();

    redis.kill();
    redis.start();
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(east.tryTell(node)).isFalse());
    tellWhenBack(east);
    tellWhenBack(west);

    TopicAnswer.Granted answer = node.subscribe("presence:dev", before);
    assertThat(answer.recovered()).isFalse();
    assertThat(answer.position().epoch()).isNotEqualTo(before.epoch());
    assertThat(PresenceNode.ids(answer.snapshot().orElseThrow())).containsExactly("ann", "bob");
    assertThat(node.catchUp("online", online, 10).recovered()).isFalse();
    for (int i = 0; i < 10; i++) {
      time.pass(BEAT, BEAT, node);
      east.tell(node);
      west.tell(node);
    }
    assertThat(node.published()).isEmpty();
  }

  @Test
  void a_long_absence_takes_nobody_offline_who_is_there_when_it_is_back() {
    node.forget();
    redis.kill();
    time.leap(LEASE.plus(GRACE).multipliedBy(3));
    redis.start();
    await().atMost(PATIENCE).ignoreExceptions().until(() -> {
      time.pass(BEAT, BEAT, node);
      return true;
    });
    tellWhenBack(east);
    tellWhenBack(west);
    for (int i = 0; i < 10; i++) {
      time.pass(BEAT, BEAT, node);
      east.tell(node);
      west.tell(node);
    }

    assertThat(node.published()).isEmpty();
    assertThat(node.users("presence:dev")).containsExactly("ann", "bob");
  }

  @Test
  void a_restart_takes_those_offline_who_went_meanwhile() {
    redis.kill();
    redis.start();
    tellWhenBack(east);
    node.forget();
    for (Duration left = LEASE.plus(GRACE).plus(BEAT).plus(BEAT);
        !left.isNegative();
        left = left.minus(BEAT)) {
      time.pass(BEAT, BEAT, node);
      east.tell(node);
    }

    assertThat(node.events("presence:dev")).containsExactly("departed bob");
    assertThat(node.users("online")).containsExactly("ann");
  }

  private void tellWhenBack(FakeGateway gateway) {
    await().atMost(PATIENCE).ignoreExceptions().until(() -> {
      gateway.tell(node);
      return true;
    });
  }
}
