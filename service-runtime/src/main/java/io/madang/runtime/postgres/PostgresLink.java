package io.madang.runtime.postgres;

import io.madang.runtime.store.HeldConnection;
import io.madang.runtime.store.StoreUnavailableException;
import io.madang.runtime.store.StoreUnavailableException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * One connection to PostgreSQL that belongs to one owner, such as a lane of a sequencer: held, replaced when it ends.
 *
 * <p>While there is none, work fails at once; nothing is queued or done again here, as only the owner knows what may be done
 * twice. Made on the owner's event loop and used there.
 */
public final class PostgresLink {
  /** The server stops, crashed, starts up, or an administrator ended the connection: class 57P of PostgreSQL's Appendix A. */
  private static final Set<String> LOST_STATES = Set.of("57P01", "57P02", "57P03");

  private final PostgresOptions options;
  private final String name;
  private final HeldConnection<Client> held;

  private PostgresLink(Vertx vertx, PostgresOptions options) {
    this.options = options;
    this.name = "PostgreSQL at " + options.url().place();
    this.held = new HeldConnection<>(
        vertx,
        name,
        "MADANG_POSTGRES_URL",
        new ClientConnector(vertx, options),
        options.backoff(),
        options.connectLimit());
  }

  /** Made on the owner's event loop; connects only with {@link #start}. */
  public static PostgresLink create(Vertx vertx, PostgresOptions options) {
    return new PostgresLink(vertx, options);
  }

  /**
   * Connects and keeps connected.
   *
   * @param waitLimit how long the database may take to be there
   * @return failed with {@link io.madang.runtime.store.StoreStartException} when it is not, or turns us away
   */
  public Future<Void> start(Duration waitLimit) {
    return held.start(waitLimit);
  }

  /** Adds what is to be done, on the owner's event loop, each time the connection is back. Before {@link #start} only. */
  public PostgresLink onReconnect(Runnable action) {
    held.onReconnect(action);
    return this;
  }

  /** Why the database cannot be used now, one sentence; empty while it can. For health checks, on any thread. */
  public Optional<String> problem() {
    return held.problem();
  }

  public boolean isUp() {
    return held.problem().isEmpty();
  }

  /**
   * Does something on the connection.
   *
   * @param work one statement or a whole transaction; it must not keep the connection
   * @return failed with {@link StoreUnavailableException} when there is no connection, or it ended or said nothing for longer
   *     than a statement may take (then whether the work was done is unknown); else what the work came to
   */
  public <T> Future<T> with(Function<PgConnection, Future<T>> work) {
    Client client = held.live().orElse(null);
    if (client == null) {
      return Future.failedFuture(new StoreUnavailableException(
          Reason.DOWN, held.problem().orElse(name + " is away"), null));
    }
    return work.apply(client.connection())
        .timeout(options.clientLimit().toMillis(), TimeUnit.MILLISECONDS)
        .recover(failure -> Future.failedFuture(judged(client, failure)));
  }

  private Throwable judged(Client client, Throwable failure) {
    if (failure instanceof TimeoutException) {
      String sentence =
          "%s did not answer within %d ms".formatted(name, options.clientLimit().toMillis());
      StoreUnavailableException late =
          new StoreUnavailableException(Reason.TIMEOUT, sentence, failure);
      held.giveUp(client, late);
      return late;
    }
    return isLoss(failure)
        ? new StoreUnavailableException(Reason.LOST, name + " was lost before it answered", failure)
        : failure;
  }

  /** The connection ended: by itself, by the network, or because the server was told to stop or to end it. */
  private static boolean isLoss(Throwable failure) {
    return failure instanceof ClosedConnectionException
        || failure instanceof IOException
        || (failure instanceof PgException refusal && LOST_STATES.contains(refusal.getSqlState()));
  }

  /** Drops the connection; work under way fails. May be called again. */
  public Future<Void> close() {
    return held.close();
  }

  /** A pool of one with its connection lent for good: pools alone take options of the network. */
  private record Client(Pool pool, PgConnection connection) {}

  private record ClientConnector(Vertx vertx, PostgresOptions options)
      implements HeldConnection.Connector<Client> {
    /** Wrong password, login not allowed, no such database. */
    private static final Set<String> FINAL_STATES = Set.of("28P01", "28000", "3D000", "42501");

    @Override
    public Future<Client> connect(Handler<Throwable> onEnd) {
      Pool pool = PgBuilder.pool()
          .with(new PoolOptions()
              .setName(options.applicationName() + PostgresOptions.HELD_SUFFIX)
              .setMaxSize(1)
              .setMaxWaitQueueSize(1))
          .with(options.netOptions())
          .connectingTo(options.connectOptions())
          .using(vertx)
          .build();
      return pool.getConnection()
          .map(connection -> watched(new Client(pool, PgConnection.cast(connection)), onEnd))
          .onFailure(failure -> pool.close());
    }

    private static Client watched(Client client, Handler<Throwable> onEnd) {
      client.connection().closeHandler(nothing -> onEnd.handle(null)).exceptionHandler(onEnd);
      return client;
    }

    @Override
    public void drop(Client client) {
      client.connection().close();
      client.pool().close();
    }

    @Override
    public boolean isFinal(Throwable failure) {
      return failure instanceof PgException refusal && FINAL_STATES.contains(refusal.getSqlState());
    }
  }
}
