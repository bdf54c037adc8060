package io.madang.gateway.identity.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.FakeClock;
import io.madang.gateway.identity.IdentityConfig;
import io.madang.gateway.identity.IdentityDatabase;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.identity.account.Refusal;
import io.madang.gateway.identity.account.RefusedException;
import io.madang.gateway.identity.revocation.Revocation;
import io.madang.runtime.config.Secret;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** One gateway's issuer on one event loop, asked by a test's thread, which waits for each answer. */
public final class TestGateway implements AutoCloseable {
  private static final String ADDRESS = "192.0.2.1";

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final Pool pool;
  private final BuiltInIssuer issuer;
  private final LoopIssuer loop;
  private final List<Revocation> revoked = new CopyOnWriteArrayList<>();

  public TestGateway(IdentityDatabase database, IdentityConfig config, FakeClock clock) {
    this.pool = database.pool(vertx);
    this.issuer = await(() -> BuiltInIssuer.start(vertx, pool, config, clock));
    this.loop = await(
        () -> Future.succeededFuture(issuer.forThisLoop(revoked::addAll, Duration.ofMinutes(20))));
  }

  <T> T on(Function<LoopIssuer, Future<T>> question) {
    return await(() -> question.apply(loop));
  }

  /** The failure of a question, which must fail. */
  Throwable failureOf(Function<LoopIssuer, Future<?>> question) {
    return await(() -> Future.future(answer -> {
      Future<?> asked;
      try {
        asked = question.apply(loop);
      } catch (RuntimeException e) {
        asked = Future.failedFuture(e);
      }
      asked.onComplete(given -> answer.fail("answered " + given), answer::complete);
    }));
  }

  SignedIn register(String name, String password) {
    return on(issuer -> issuer.register(name, password, Optional.empty(), ADDRESS));
  }

  SignedIn login(String name, String password) {
    return on(issuer -> issuer.login(name, password, ADDRESS));
  }

  SignedIn guest(String name) {
    return on(issuer -> issuer.guest(Optional.of(name), ADDRESS));
  }

  SignedIn refresh(Secret token) {
    return on(issuer -> issuer.refresh(token));
  }

  Principal bearer(Secret token) {
    return on(issuer -> issuer.authenticate(new Credential.Bearer(token)));
  }

  void assertRefused(Refusal refusal, Function<LoopIssuer, Future<?>> question) {
    assertThat(failureOf(question))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.refusal()).isEqualTo(refusal));
  }

  void assertNotAuthentic(
      AuthenticationException.Reason reason, Function<LoopIssuer, Future<?>> question) {
    assertThat(failureOf(question))
        .isInstanceOfSatisfying(
            AuthenticationException.class,
            refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  /** What was revoked so far. */
  List<Revocation> revoked() {
    return revoked;
  }

  BuiltInIssuer issuer() {
    return issuer;
  }

  Pool pool() {
    return pool;
  }

  LoopIssuer loop() {
    return loop;
  }

  <T> T await(Supplier<Future<T>> question) {
    Promise<T> answer = Promise.promise();
    context.runOnContext(go -> {
      try {
        question.get().onComplete(answer);
      } catch (RuntimeException e) {
        answer.fail(e);
      }
    });
    try {
      return answer.future().await(20, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer in time", e);
    }
  }

  @Override
  public void close() {
    await(issuer::close);
    await(pool::close);
    try {
      vertx.close().await(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("Vert.x does not close", e);
    }
  }
}
