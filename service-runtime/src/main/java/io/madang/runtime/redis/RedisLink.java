package io.madang.runtime.redis;

import io.madang.runtime.store.HeldConnection;
import io.madang.runtime.store.StoreUnavailableException;
import io.madang.runtime.store.StoreUnavailableException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One owner's connection to Redis: pipelined, held, replaced when it ends.
 *
 * <p>Commands sent from one thread are carried out in the order they were sent, and their answers come in it, on the caller's
 * context. While Redis is away they fail at once; nothing is queued or sent again here, as only the caller knows what may be
 * done twice. Failures: {@link StoreUnavailableException} when Redis is away, too busy or too slow; the client's own error type
 * when Redis refuses the command. Made on the owner's event loop; may be used from any thread.
 */
public final class RedisLink {
  private static final String NOSCRIPT = "NOSCRIPT";

  private final RedisLinkOptions options;
  private final String name;
  private final HeldConnection<Client> held;
  private final AtomicInteger inFlight = new AtomicInteger();

  private RedisLink(Vertx vertx, RedisLinkOptions options) {
    this.options = options;
    this.name = "Redis at " + options.url().place();
    this.held = new HeldConnection<>(
        vertx,
        name,
        "MADANG_REDIS_URL",
        new ClientConnector(vertx, options),
        options.backoff(),
        options.connectLimit());
  }

  /** Made on the owner's event loop; connects only with {@link #start}. */
  public static RedisLink create(Vertx vertx, RedisLinkOptions options) {
    return new RedisLink(vertx, options);
  }

  /**
   * Connects and keeps connected.
   *
   * @param waitLimit how long Redis may take to be there
   * @return failed with {@link io.madang.runtime.store.StoreStartException} when it is not, or turns us away
   */
  public Future<Void> start(Duration waitLimit) {
    return held.start(waitLimit);
  }

  /**
   * Adds what is to be done, on the owner's event loop, each time the connection is back: whatever was written may be gone, and
   * whatever happened meanwhile was not heard. Before {@link #start} only.
   */
  public RedisLink onReconnect(Runnable action) {
    held.onReconnect(action);
    return this;
  }

  /** Why Redis cannot be used now, one sentence; empty while it can. For health checks, on any thread. */
  public Optional<String> problem() {
    return held.problem();
  }

  public boolean isUp() {
    return held.problem().isEmpty();
  }

  /** Sends one command; the answer is null where Redis says nil. */
  public Future<Response> send(Request request) {
    return onConnection(1, connection -> connection.send(request));
  }

  /** Sends commands in one write; their answers in the same order. One refused command fails the whole. */
  public Future<List<Response>> batch(List<Request> requests) {
    if (requests.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    return onConnection(requests.size(), connection -> connection.batch(requests));
  }

  /**
   * Runs a script, by its name where Redis knows it. Where it does not (it was restarted), the script is sent whole after that
   * was found out, and so may run behind commands that were sent later.
   *
   * @param arguments texts, numbers, byte arrays or buffers
   */
  public Future<Response> run(RedisScript script, List<String> keys, List<?> arguments) {
    return send(call(Command.EVALSHA, script.sha1(), keys, arguments))
        .recover(failure -> isUnknownScript(failure)
            ? send(call(Command.EVAL, script.source(), keys, arguments))
            : Future.failedFuture(failure));
  }

  /** Drops the connection; commands under way fail. May be called again. */
  public Future<Void> close() {
    return held.close();
  }

  private interface Sending<T> {
    Future<T> on(RedisConnection connection);
  }

  private <T> Future<T> onConnection(int commands, Sending<T> sending) {
    Client client = held.live().orElse(null);
    if (client == null) {
      return Future.failedFuture(new StoreUnavailableException(
          Reason.DOWN, held.problem().orElse(name + " is away"), null));
    }
    if (inFlight.addAndGet(commands) > options.maxInFlight()) {
      inFlight.addAndGet(-commands);
      return Future.failedFuture(new StoreUnavailableException(
          Reason.BUSY,
          "%s has %d commands in flight".formatted(name, options.maxInFlight()),
          null));
    }
    return sending
        .on(client.connection())
        .onComplete(done -> inFlight.addAndGet(-commands))
        .timeout(options.commandLimit().toMillis(), TimeUnit.MILLISECONDS)
        .recover(failure -> Future.failedFuture(judged(client, failure)));
  }

  private Throwable judged(Client client, Throwable failure) {
    if (failure instanceof TimeoutException) {
      String sentence = "%s did not answer within %d ms"
          .formatted(name, options.commandLimit().toMillis());
      StoreUnavailableException late =
          new StoreUnavailableException(Reason.TIMEOUT, sentence, failure);
      held.giveUp(client, late);
      return late;
    }
    return isRefusal(failure)
        ? failure
        : new StoreUnavailableException(
            Reason.LOST, name + " was lost before it answered", failure);
  }

  /** What Redis itself said is an answer as well; so is, in this client, the end of the connection. */
  private static boolean isRefusal(Throwable failure) {
    return failure instanceof Response
        && !String.valueOf(failure.getMessage()).contains("CONNECTION_CLOSED");
  }

  private static boolean isUnknownScript(Throwable failure) {
    return failure.getMessage() != null && failure.getMessage().startsWith(NOSCRIPT);
  }

  private static Request call(
      Command command, String script, List<String> keys, List<?> arguments) {
    Request request = Request.cmd(command).arg(script).arg(keys.size());
    keys.forEach(request::arg);
    for (Object argument : arguments) {
      if (argument instanceof Buffer buffer) {
        request.arg(buffer);
      } else if (argument instanceof byte[] bytes) {
        request.arg(bytes);
      } else {
        request.arg(String.valueOf(argument));
      }
    }
    return request;
  }

  /** A client with its one connection: only closing the client ends a connection for sure. */
  private record Client(Redis redis, RedisConnection connection) {}

  private record ClientConnector(Vertx vertx, RedisLinkOptions options)
      implements HeldConnection.Connector<Client> {

    @Override
    public Future<Client> connect(Handler<Throwable> onEnd) {
      Redis redis = Redis.createClient(vertx, clientOptions());
      return redis
          .connect()
          .map(connection -> watched(new Client(redis, connection), onEnd))
          .onFailure(failure -> redis.close());
    }

    private static Client watched(Client client, Handler<Throwable> onEnd) {
      // A closed socket shows at the one, a broken one at the other.
      client.connection().endHandler(nothing -> onEnd.handle(null)).exceptionHandler(onEnd);
      return client;
    }

    private RedisOptions clientOptions() {
      RedisUrl url = options.url();
      RedisOptions redis = new RedisOptions()
          .setConnectionString(url.connectionString())
          .setMaxPoolSize(1)
          // A pool would recycle the connection we hold.
          .setPoolRecycleTimeout(-1)
          .setMaxWaitingHandlers(options.maxInFlight() + 1);
      redis
          .getNetClientOptions()
          .setConnectTimeout((int) options.connectLimit().toMillis())
          .setTcpKeepAlive(true)
          .setHostnameVerificationAlgorithm("HTTPS");
      if (!url.user().isEmpty()) {
        redis.setUser(url.user());
      }
      if (!url.password().isEmpty()) {
        redis.setPassword(url.password());
      }
      return redis;
    }

    @Override
    public void drop(Client client) {
      client.redis().close();
    }

    @Override
    public boolean isFinal(Throwable failure) {
      String said = String.valueOf(failure.getMessage());
      return said.startsWith("WRONGPASS")
          || said.startsWith("NOAUTH")
          || said.startsWith("NOPERM")
          || said.startsWith("ERR DB index")
          || said.startsWith("ERR invalid DB");
    }
  }
}
