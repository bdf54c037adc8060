package io.madang.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.madang.runtime.store.Backoff;
import io.madang.runtime.store.Done;
import io.madang.runtime.store.StoreStartException;
import io.madang.runtime.store.StoreUnavailableException;
import io.madang.runtime.store.StoreUnavailableException.Reason;
import io.madang.testkit.FreePorts;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestServer;
import io.madang.testkit.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class RedisLinkTest {
  private static final Duration WAIT = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    Done.of(vertx.close());
  }

  private RedisLink started(RedisLinkOptions options) {
    RedisLink link = RedisLink.create(vertx, options);
    done(link.start(WAIT));
    return link;
  }

  private static RedisLinkOptions options(String url) {
    return RedisLinkOptions.of(RedisUrl.parse(url))
        .withBackoff(new Backoff(Duration.ofMillis(10), Duration.ofMillis(100)));
  }

  private static <T> T done(Future<T> future) {
    return Done.of(future);
  }

  private static Request set(String key, String value) {
    return Request.cmd(Command.SET).arg(key).arg(value);
  }

  private static Request get(String key) {
    return Request.cmd(Command.GET).arg(key);
  }

  private static StoreUnavailableException unavailable(Future<?> future) {
    try {
      done(future);
    } catch (StoreUnavailableException e) {
      return e;
    }
    throw new AssertionError("it succeeded");
  }

  @Nested
  class Connected {
    private final TestKeyspace keys = TestStores.createKeyspace();
    private final RedisLink link = started(options(keys.url()));

    @AfterEach
    void close() {
      done(link.close());
      keys.close();
    }

    @Test
    void carries_commands_out_in_the_order_they_were_sent() {
      List<Future<Response>> answers = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        answers.add(link.send(Request.cmd(Command.INCR).arg("n")));
      }

      for (int i = 0; i < 500; i++) {
        assertThat(done(answers.get(i)).toInteger()).isEqualTo(i + 1);
      }
      assertThat(done(link.send(get("nothing")))).isNull();
    }

    @Test
    void answers_a_batch_in_its_order() {
      List<Response> answers = done(link.batch(List.of(set("a", "1"), get("a"), get("b"))));

      assertThat(answers.get(1).toString()).isEqualTo("1");
      assertThat(answers.get(2)).isNull();
    }

    @Test
    void tells_what_redis_refuses_as_it_said_it_and_goes_on() {
      done(link.send(set("text", "x")));

      assertThatThrownBy(() -> done(link.send(Request.cmd(Command.INCR).arg("text"))))
          .isNotInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("not an integer");
      assertThat(done(link.send(get("text"))).toString()).isEqualTo("x");
    }

    @Test
    void runs_a_script_by_name_also_when_redis_has_forgotten_it() {
      RedisScript script = RedisScript.of(
          "redis.call('set', KEYS[1], ARGV[1]); return {redis.call('get', KEYS[1]), ARGV[2], #ARGV[3]}");

      for (int round = 0; round < 2; round++) {
        Response answer = done(link.run(
            script, List.of("k"), List.of("마당", 7, Buffer.buffer(new byte[] {0, -1, 10}))));
        assertThat(answer.get(0).toString()).isEqualTo("마당");
        assertThat(answer.get(1).toString()).isEqualTo("7");
        assertThat(answer.get(2).toInteger()).isEqualTo(3);
        done(link.send(Request.cmd(Command.SCRIPT).arg("FLUSH")));
      }
    }

    @Test
    void turns_away_what_is_too_much_and_takes_more_afterwards() {
      RedisLink small = started(options(keys.url()).withMaxInFlight(10));
      List<Future<Response>> answers = new ArrayList<>();
      done(Future.future(promise -> vertx.runOnContext(nothing -> {
        for (int i = 0; i < 12; i++) {
          answers.add(small.send(Request.cmd(Command.INCR).arg("n")));
        }
        promise.complete();
      })));

      assertThat(unavailable(answers.get(11)).reason()).isEqualTo(Reason.BUSY);
      assertThat(unavailable(answers.get(11)).nothingWasSent()).isTrue();
      assertThat(done(answers.get(0)).toInteger()).isEqualTo(1);
      assertThat(done(answers.get(9)).toInteger()).isEqualTo(10);
      assertThat(done(small.send(Request.cmd(Command.INCR).arg("n"))).toInteger())
          .isEqualTo(11);
      done(small.close());
    }

    @Test
    void that_is_closed_answers_at_once() {
      RedisLink other = started(options(keys.url()));
      done(other.close());

      assertThat(unavailable(other.send(get("a"))).reason()).isEqualTo(Reason.DOWN);
    }
  }

  @Nested
  class A_redis_that_comes_and_goes {
    private final TestServer redis = TestStores.ownRedis();

    @AfterEach
    void close() {
      redis.close();
    }

    @Test
    void is_back_after_a_restart_with_what_it_acknowledged() {
      AtomicInteger told = new AtomicInteger();
      RedisLink link =
          RedisLink.create(vertx, options(redis.url())).onReconnect(told::incrementAndGet);
      done(link.start(WAIT));
      done(link.send(set("a", "1")));

      redis.kill();
      await().until(() -> !link.isUp());
      assertThat(unavailable(link.send(get("a"))).reason()).isEqualTo(Reason.DOWN);
      assertThat(link.problem())
          .hasValueSatisfying(problem -> assertThat(problem).contains("Redis at 127.0.0.1:"));
      redis.start();

      await().atMost(WAIT).until(() -> told.get() == 1);
      assertThat(done(link.send(get("a"))).toString()).isEqualTo("1");
      done(link.close());
    }

    @Test
    void fails_what_was_under_way_and_does_not_send_it_again() {
      RedisLink link = started(options(redis.url()));
      Future<Response> waiting =
          link.send(Request.cmd(Command.BLPOP).arg("nothing").arg(0));
      // Its answer shows that the one before was sent.
      done(started(options(redis.url())).send(Request.cmd(Command.PING)));

      redis.kill();

      assertThat(unavailable(waiting).reason()).isEqualTo(Reason.LOST);
      assertThat(unavailable(waiting).nothingWasSent()).isFalse();
      done(link.close());
    }

    @Test
    void that_stands_still_costs_its_command_limit_and_is_used_again_when_it_goes_on()
        throws Exception {
      RedisLink link = started(options(redis.url()).withCommandLimit(Duration.ofMillis(200)));

      signal("STOP");
      assertThat(unavailable(link.send(get("a"))).reason()).isEqualTo(Reason.TIMEOUT);
      await().until(() -> !link.isUp());
      signal("CONT");

      await().atMost(WAIT).until(link::isUp);
      assertThat(done(link.send(get("a")))).isNull();
      done(link.close());
    }

    private void signal(String name) throws Exception {
      Process kill = new ProcessBuilder("sh", "-c", "kill -s " + name + " " + redis.pid()).start();
      assertThat(kill.waitFor()).isZero();
    }

    @Test
    void is_waited_for_at_the_start() {
      redis.stop();
      RedisLink link = RedisLink.create(vertx, options(redis.url()));
      Future<Void> started = link.start(WAIT);
      await().until(() -> link.problem().orElse("").contains("does not answer"));

      redis.start();

      done(started);
      assertThat(link.isUp()).isTrue();
      done(link.close());
    }

    @Test
    void turns_a_wrong_password_away_at_once() {
      String wrong = redis.url().replace(redis.password(), "wrong");

      assertThatThrownBy(
              () -> done(RedisLink.create(vertx, options(wrong)).start(Duration.ofMinutes(5))))
          .isInstanceOf(StoreStartException.class)
          .hasMessageContaining("Redis at 127.0.0.1:" + redis.port() + "/0 turns us away")
          .hasMessageContaining("MADANG_REDIS_URL");
    }

    @Test
    void turns_a_missing_password_and_a_missing_database_away_at_once() {
      String none = "redis://127.0.0.1:" + redis.port();

      for (String url : List.of(none, redis.url() + "/9999")) {
        assertThatThrownBy(
                () -> done(RedisLink.create(vertx, options(url)).start(Duration.ofMinutes(5))))
            .isInstanceOf(StoreStartException.class)
            .hasMessageContaining("turns us away");
      }
    }
  }

  @Test
  void a_redis_that_does_not_come_is_given_up_with_a_sentence() {
    int port = FreePorts.one();
    RedisLink link = RedisLink.create(vertx, options("redis://:s3cret@127.0.0.1:" + port));

    assertThatThrownBy(() -> done(link.start(Duration.ofMillis(300))))
        .isInstanceOf(StoreStartException.class)
        .hasMessageStartingWith(
            "Redis at 127.0.0.1:" + port + "/0 does not answer within 300 ms (Connection refused")
        .hasMessageEndingWith("); start it or correct MADANG_REDIS_URL")
        .hasMessageNotContaining("s3cret");
  }
}
