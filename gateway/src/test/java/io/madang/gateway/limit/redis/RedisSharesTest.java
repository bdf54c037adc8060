package io.madang.gateway.limit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.limit.ShareStore.Drawn;
import io.madang.gateway.limit.UserShares;
import io.madang.runtime.redis.RedisLink;
import io.madang.runtime.redis.RedisLinkOptions;
import io.madang.runtime.redis.RedisUrl;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RedisSharesTest {
  private final TestKeyspace keyspace = TestStores.createKeyspace();
  private final Vertx vertx = Vertx.vertx();
  private final RedisLink link =
      RedisLink.create(vertx, RedisLinkOptions.of(RedisUrl.parse(keyspace.url())));

  /** So slow that nothing comes back while a test runs. */
  private final RedisShares shares = new RedisShares(link, new UserShares.Rate(1, 100));

  @BeforeEach
  void start() throws Exception {
    get(link.start(Duration.ofSeconds(10)));
  }

  @AfterEach
  void stop() throws Exception {
    get(link.close());
    get(vertx.close());
    keyspace.close();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Drawn draw(int owed, int wanted) throws Exception {
    return get(shares.draw("mina", owed, wanted));
  }

  @Test
  void grant_the_burst_and_not_one_more() throws Exception {
    assertThat(draw(0, 60)).isEqualTo(new Drawn(60, 0));
    assertThat(draw(0, 60).granted()).isBetween(40, 41);

    Drawn nothing = draw(0, 60);
    assertThat(nothing.granted()).isZero();
    assertThat(nothing.waitMs()).isBetween(1L, 1_000L);
  }

  @Test
  void take_off_what_passed_already_even_below_nothing() throws Exception {
    assertThat(draw(110, 5).granted()).isZero();

    assertThat(draw(0, 5).waitMs()).isBetween(9_000L, 11_000L);
  }

  @Test
  void never_hold_a_debt_of_more_than_a_minute() throws Exception {
    assertThat(draw(100_000, 5).waitMs()).isBetween(60_000L, 61_000L);
  }

  @Test
  void come_back_with_time() throws Exception {
    RedisShares fast = new RedisShares(link, new UserShares.Rate(1_000, 5));
    get(fast.draw("mina", 0, 5));

    await().until(() -> get(fast.draw("mina", 0, 5)).granted() > 0);
  }

  @Test
  void are_forgotten_when_they_would_be_whole_again() throws Exception {
    draw(0, 10);

    long livesMs = get(link.send(Request.cmd(Command.PTTL).arg("madang:gateway:rate:mina")))
        .toLong();
    assertThat(livesMs).isBetween(9_000L, 11_000L);
  }
}
