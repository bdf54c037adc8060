package io.madang.gateway.identity.password;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.identity.account.Refusal;
import io.madang.gateway.identity.account.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PasswordWorkersTest {
  private final Vertx vertx = Vertx.vertx();
  private final CountDownLatch gate = new CountDownLatch(1);

  @AfterEach
  void close() throws Exception {
    gate.countDown();
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void refuse_at_once_what_neither_runs_nor_fits_the_queue() throws Exception {
    PasswordWorkers workers = new PasswordWorkers(vertx, 1, 2);
    Future<String> running = workers.run(this::hold);
    Future<String> first = workers.run(this::hold);
    Future<String> second = workers.run(this::hold);

    Future<String> beyond = workers.run(this::hold);

    assertThat(beyond.cause()).isInstanceOfSatisfying(RefusedException.class, refused -> {
      assertThat(refused.refusal()).isEqualTo(Refusal.UNAVAILABLE);
      assertThat(refused.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(1));
    });
    gate.countDown();
    assertThat(Future.all(running, first, second).await(10, TimeUnit.SECONDS).list())
        .hasSize(3);
  }

  @Test
  void have_places_again_when_tasks_end_however_they_end() throws Exception {
    PasswordWorkers workers = new PasswordWorkers(vertx, 1, 0);

    Future<String> failed = workers.run(() -> fail("broken"));

    assertThat(failed.otherwise(Throwable::getMessage).await(10, TimeUnit.SECONDS))
        .isEqualTo("broken");
    gate.countDown();
    assertThat(workers.run(this::hold).await(10, TimeUnit.SECONDS)).isEqualTo("held");
  }

  private String hold() throws InterruptedException {
    gate.await();
    return "held";
  }

  private static String fail(String message) {
    throw new IllegalStateException(message);
  }
}
