package io.madang.gateway.identity.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.identity.Principal;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RevocationsTest {
  private static final Principal MINA =
      new Principal("u_mina", "mina", Set.of(), false, Instant.MAX, "s_1", Instant.EPOCH);

  private final Vertx vertx = Vertx.vertx();
  private final SharedLog log = new SharedLog();
  private final List<Revocations> started = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    started.forEach(Revocations::stop);
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  /** A log that several gateways share, that can be away and can be lost. */
  private static final class SharedLog implements RevocationLog {
    private final List<Revocation> entries = new CopyOnWriteArrayList<>();
    private volatile boolean away;

    @Override
    public Future<Page> after(String place) {
      if (away) {
        return Future.failedFuture("away");
      }
      int from = Integer.parseInt(place.substring(0, place.indexOf('-')));
      if (from > entries.size()) {
        return Future.succeededFuture(new Page(List.of(), place, true, true));
      }
      List<Revocation> found = List.copyOf(entries).subList(from, entries.size());
      return Future.succeededFuture(new Page(found, (from + found.size()) + "-0", true, false));
    }

    @Override
    public Future<Void> append(List<Revocation> revocations) {
      if (away) {
        return Future.failedFuture("away");
      }
      entries.addAll(revocations);
      return Future.succeededFuture();
    }
  }

  /** One gateway with one loop. */
  private final class Gateway {
    private final AtomicInteger cuts = new AtomicInteger();
    private final Context loop = ((VertxInternal) vertx).createEventLoopContext();
    private final Revocations revocations;
    private volatile LoopRevocations ofLoop;

    Gateway(Consumer<Payload> neighbours) throws Exception {
      revocations = new Revocations(
          vertx,
          ((VertxInternal) vertx).createEventLoopContext(),
          Clock.systemUTC(),
          1_000,
          log,
          neighbours);
      started.add(revocations);
      revocations.start().await(10, TimeUnit.SECONDS);
      loop.runOnContext(turn -> ofLoop = revocations.forThisLoop(who -> cuts.incrementAndGet()));
      await().until(() -> ofLoop != null);
    }

    boolean knows() {
      return Future.<Boolean>future(
              answer -> loop.runOnContext(turn -> answer.complete(ofLoop.isRevoked(MINA))))
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    }
  }

  private static Revocation logout() {
    return Revocation.ofSession("s_1", Instant.now(), Instant.now().plusSeconds(900));
  }

  @Test
  void reach_another_gateway_by_its_word_at_once_though_the_log_is_away() throws Exception {
    log.away = true;
    Gateway other = new Gateway(news -> {});
    Gateway here = new Gateway(other.revocations::heard);

    here.revocations.revoke(logout());

    await().until(() -> here.knows() && other.knows());
    assertThat(other.cuts.get()).isEqualTo(1);
    assertThat(log.entries).isEmpty();
  }

  @Test
  void reach_another_gateway_by_the_log_though_its_word_is_lost() throws Exception {
    Gateway other = new Gateway(news -> {});
    Gateway here = new Gateway(news -> {});

    here.revocations.revoke(logout());

    await().atMost(Revocations.POLL_EVERY.plusSeconds(1)).until(other::knows);
    assertThat(here.cuts.get()).isEqualTo(1);
  }

  @Test
  void are_known_to_a_gateway_that_starts_later() throws Exception {
    new Gateway(news -> {}).revocations.revoke(logout());
    await().until(() -> !log.entries.isEmpty());

    Gateway later = new Gateway(news -> {});

    await().until(later::knows);
  }

  @Test
  void are_written_when_the_log_is_back_and_again_when_it_was_lost() throws Exception {
    Gateway here = new Gateway(news -> {});
    log.away = true;
    here.revocations.revoke(logout());
    await().until(here::knows);

    log.away = false;
    await().until(() -> log.entries.size() == 1);

    log.entries.clear();
    await().until(() -> log.entries.size() == 1);
    assertThat(here.cuts.get()).as("nothing of it is news here").isEqualTo(1);
  }
}
