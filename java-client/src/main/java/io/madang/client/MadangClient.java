package io.madang.client;

import io.madang.protocol.code.CloseCode;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.code.Retry;
import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client of the mesh over {@code madang.v1}. It connects, comes back after a loss to the next gateway, resumes each topic
 * from its position and resends commands that were not answered with the ids they had, so that each is done once. Before its
 * token ends it brings the gateway a newer one.
 *
 * <p>The public methods may be called on any thread and never block. Listeners and completions run on the client's own
 * thread and must not block it; every field below but {@link #givenCommands} is touched on that thread only.
 *
 * <pre>
 *   CONNECTING ── connected ──► OPEN ── lost ──► WAITING ── time is over ──► CONNECTING
 *        └──────── lost ────────────────────────────┘      any ── close(), or a code that forbids ──► CLOSED
 * </pre>
 *
 * <p>It ends by itself when a gateway refuses it for good: a token that is not accepted, or a close code that forbids to come
 * back. Then everything that waits fails with that reason, and every listener is told. A token that ended or
 * was revoked on an open connection is no such reason, as the next attempt asks for another.
 */
public final class MadangClient implements AutoCloseable {
  private static final Logger LOG = System.getLogger(MadangClient.class.getName());

  /** One for all clients of a JVM: it has a thread of its own, and holds no state of theirs. */
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private enum Phase {
    CONNECTING,
    OPEN,
    WAITING,
    CLOSED
  }

  /** Silence of this many heartbeats means that the connection is dead. */
  private static final double SILENT_HEARTBEATS = 2.5;

  /** However short a gateway says its heartbeat is. */
  private static final long LEAST_HEARTBEAT_MS = 10;

  private final ClientOptions options;
  private final FrameCodec codec = new FrameCodec();
  private final ScheduledThreadPoolExecutor thread = newThread();
  private final SplittableRandom random = new SplittableRandom();
  private final Backoff backoff;
  private final AccessToken tokens;
  private final Line line = new CurrentLine();
  private final Commands commands = new Commands(line);
  private final Subscriptions subscriptions = new Subscriptions(line);
  private final Link.Events events = new LinkEvents();
  private final ServerFrame.Handler<Void> frames = new Frames();

  /** Commands given and not completed; counted by whoever gives and completes them. */
  private final AtomicInteger givenCommands = new AtomicInteger();

  private final CompletableFuture<ServerFrame.Connected> firstConnected = new CompletableFuture<>();

  private Phase phase = Phase.CONNECTING;

  /** The connection that is there or being made; null before the first. */
  private Link link;

  /** What the gateway of an open connection takes; of the last one while there is none. */
  private int maxMessageBytes = Integer.MAX_VALUE;

  /** Index of the gateway to try next. */
  private int nextGateway;

  private long lastRef;
  private long connectRef;

  /** What is said first on the connection being made. */
  private byte[] connectFrame = {};

  /** Ref of a refresh that has no answer; 0 when there is none. */
  private long refreshRef;

  /** The gateway's last words on this connection; empty while it has not said any. */
  private Optional<ServerFrame.Disconnect> goodbye = Optional.empty();

  /** Why the client ended; empty while it has not. */
  private Optional<Failure> end = Optional.empty();

  private Optional<ScheduledFuture<?>> phaseTimer = Optional.empty();
  private Optional<ScheduledFuture<?>> heartbeat = Optional.empty();
  private Optional<ScheduledFuture<?>> renewal = Optional.empty();

  private MadangClient(ClientOptions options) {
    this.options = options;
    this.backoff = new Backoff(options.firstBackoff(), options.lastBackoff(), random);
    this.tokens = new AccessToken(options.token());
  }

  /** Begins to connect and keeps at it until {@link #close}; returns at once. */
  public static MadangClient connect(ClientOptions options) {
    MadangClient client = new MadangClient(options);
    client.run(client::toConnecting);
    return client;
  }

  /**
   * Completes when the client is signed in for the first time, with who it is and what it may use; fails with {@link
   * RefusedException} when a gateway refuses it for good or the client is closed before. No gateway within reach is no failure:
   * the client goes on trying.
   */
  public CompletableFuture<ServerFrame.Connected> connected() {
    return firstConnected.copy();
  }

  /**
   * Hears a topic from now on, through every loss of the connection. One listener per topic.
   *
   * @return completes, after what the first answer brought was handed to the listener, with the position from which on
   *     everything is heard; fails with {@link RefusedException} when the mesh refuses, the topic is unsubscribed or the client
   *     closed before, with {@link IllegalStateException} when the topic has a listener
   * @throws IllegalArgumentException when no topic can have that name
   */
  public CompletableFuture<StreamPosition> subscribe(String topic, TopicListener listener) {
    return subscribe(topic, Optional.empty(), listener);
  }

  /**
   * As the other form, from where the application was before, with everything that came after {@code since}; the listener hears
   * of a gap when that cannot be had any more.
   */
  public CompletableFuture<StreamPosition> subscribe(
      String topic, StreamPosition since, TopicListener listener) {
    return subscribe(topic, Optional.of(since), listener);
  }

  private CompletableFuture<StreamPosition> subscribe(
      String topic, Optional<StreamPosition> since, TopicListener listener) {
    requireTopic(topic);
    CompletableFuture<StreamPosition> ready = new CompletableFuture<>();
    run(() -> end.ifPresentOrElse(
        why -> ready.completeExceptionally(new RefusedException(why)),
        () -> subscriptions.subscribe(topic, since, listener, ready)));
    return ready.copy();
  }

  /**
   * Ends hearing a topic; nothing happens if it has no listener. Called on the client's thread, the listener hears nothing
   * afterwards; called on another, what was under way may still come.
   */
  public void unsubscribe(String topic) {
    requireTopic(topic);
    run(() -> subscriptions.unsubscribe(topic));
  }

  /** Gives a command with an id of its own; see the other form. */
  public CompletableFuture<RawJson> command(String service, String name, RawJson args) {
    return command(service, name, UUID.randomUUID().toString(), args);
  }

  /**
   * Gives a command once, however often it must be sent for that. Commands leave in the order they were given; the one that the
   * mesh asks to try later may be done after newer ones, so who needs an order awaits the answer.
   *
   * @param service who does it, 1 to 128 characters, as {@code name}
   * @param id the same id means the same command, also from another client; 1 to 128 characters
   * @param args one JSON object by name, or an array by position
   * @return completes with the result; fails with {@link RefusedException}, which says whether it was refused, was not sent or
   *     has an unknown outcome
   * @throws IllegalArgumentException when a name or the id is empty or too long
   */
  public CompletableFuture<RawJson> command(String service, String name, String id, RawJson args) {
    // A record refuses its own content; the number it really gets is known on the client's thread
    // only.
    ClientFrame.Command command = new ClientFrame.Command(1, service, name, Optional.of(id), args);
    CompletableFuture<RawJson> answer = new CompletableFuture<>();
    if (givenCommands.incrementAndGet() > options.maxPending()) {
      givenCommands.decrementAndGet();
      answer.completeExceptionally(RefusedException.of(
          ErrorCode.TOO_MANY_REQUESTS,
          options.maxPending() + " commands wait for their answer, which is as many as may"));
      return answer;
    }
    CompletableFuture<RawJson> told =
        answer.whenComplete((result, failure) -> givenCommands.decrementAndGet());
    run(() -> end.ifPresentOrElse(
        why -> answer.completeExceptionally(new RefusedException(why)),
        () -> give(command, answer)));
    return told;
  }

  private void give(ClientFrame.Command command, CompletableFuture<RawJson> answer) {
    commands.give(
        new ClientFrame.Command(
            ++lastRef, command.service(), command.name(), command.id(), command.args()),
        System.nanoTime() + options.commandTimeout().toNanos(),
        answer);
  }

  /**
   * Says goodbye to the gateway and ends everything that waits, with {@code unavailable}; listeners are told that they ended.
   * Returns at once, does nothing the second time.
   */
  @Override
  public void close() {
    run(() -> toClosed(Failure.of(ErrorCode.UNAVAILABLE, "the client is closed")));
  }

  /** A record refuses its own content. */
  private static void requireTopic(String topic) {
    ClientFrame.Unsubscribe unused = new ClientFrame.Unsubscribe(1, topic);
  }

  // The thread.

  /** Made when there is something to do, gone a second after there is nothing. */
  private static ScheduledThreadPoolExecutor newThread() {
    ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
      Thread worker = new Thread(task, "madang-client");
      worker.setDaemon(true);
      return worker;
    });
    thread.setKeepAliveTime(1, TimeUnit.SECONDS);
    thread.allowCoreThreadTimeOut(true);
    thread.setRemoveOnCancelPolicy(true);
    return thread;
  }

  private void run(Runnable task) {
    thread.execute(logged(task));
  }

  private ScheduledFuture<?> schedule(long delayMs, Runnable task) {
    return thread.schedule(logged(task), delayMs, TimeUnit.MILLISECONDS);
  }

  /** The executor would keep to itself what a task throws. */
  private static Runnable logged(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "The client met a bug", e);
      }
    };
  }

  // Phases.

  private void toConnecting() {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CONNECTING;
    goodbye = Optional.empty();
    URI gateway = options.gateways().get(nextGateway);
    nextGateway = (nextGateway + 1) % options.gateways().size();
    Link attempt = new Link(this::run, events);
    link = attempt;
    phaseTimer = Optional.of(schedule(
        options.connectTimeout().toMillis(),
        () -> attempt.abandon("the gateway did not answer in time")));
    CompletableFuture<?> unused = tokens
        .ask()
        .whenComplete((token, failure) -> run(() -> onToken(attempt, gateway, token, failure)));
  }

  private void onToken(Link attempt, URI gateway, Optional<String> token, Throwable failure) {
    if (attempt.isClosed()) {
      return;
    }
    if (failure != null) {
      attempt.abandon("there is no token: " + failure.getMessage());
      return;
    }
    try {
      connectRef = ++lastRef;
      connectFrame = codec.encode(new ClientFrame.Connect(connectRef, token));
    } catch (IllegalArgumentException e) {
      attempt.abandon("the token cannot be sent: " + e.getMessage());
      return;
    }
    attempt.open(HTTP, gateway, options.connectTimeout());
  }

  private void toOpen(ServerFrame.Connected connected) {
    phase = Phase.OPEN;
    stopTimers();
    maxMessageBytes = connected.limits().maxMessageBytes();
    long beatMs = Math.max(LEAST_HEARTBEAT_MS, connected.heartbeatMs());
    heartbeat = Optional.of(thread.scheduleWithFixedDelay(
        logged(() -> onHeartbeat(beatMs)), beatMs, beatMs, TimeUnit.MILLISECONDS));
    connected.expiresAt().ifPresent(at -> renewAfter(AccessToken.firstRenewalMs(at)));
    subscriptions.opened();
    commands.opened(connected.limits().maxPending());
    firstConnected.complete(connected);
  }

  private void toWaiting(String why) {
    phase = Phase.WAITING;
    long askedMs = goodbye.map(ServerFrame.Disconnect::afterMs).orElse(0L);
    long waitMs = askedMs + backoff.next().toMillis();
    LOG.log(Level.DEBUG, "Not connected, next attempt in {0} ms: {1}", waitMs, why);
    phaseTimer = Optional.of(schedule(waitMs, this::toConnecting));
  }

  private void toClosed(Failure why) {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CLOSED;
    end = Optional.of(why);
    stopTimers();
    if (link != null) {
      link.closeNormally();
    }
    firstConnected.completeExceptionally(new RefusedException(why));
    commands.closed(why);
    subscriptions.closed(why);
  }

  private void stopTimers() {
    phaseTimer.ifPresent(timer -> timer.cancel(false));
    heartbeat.ifPresent(timer -> timer.cancel(false));
    renewal.ifPresent(timer -> timer.cancel(false));
    refreshRef = 0;
  }

  private final class LinkEvents implements Link.Events {
    @Override
    public void opened(Link opened) {
      opened.send(connectFrame);
    }

    @Override
    public void message(Link from, byte[] utf8) {
      try {
        codec.decodeServerFrame(utf8).dispatch(frames);
      } catch (BadFrameException e) {
        from.abandon("the gateway sent a frame that is none: " + e.getMessage());
      }
    }

    @Override
    public void closed(Link lost, int closeCode, String closeReason) {
      if (phase == Phase.CLOSED) {
        return;
      }
      // What was said counts, also when the transport then just broke.
      int code = goodbye.map(ServerFrame.Disconnect::code).orElse(closeCode);
      String reason = goodbye.map(ServerFrame.Disconnect::reason).orElse(closeReason);
      boolean outlivedToken = phase == Phase.OPEN && saysNothingAgainstTheNextToken(code);
      stopTimers();
      subscriptions.lost();
      commands.lost();
      if (CloseCode.mayReconnect(code) || outlivedToken) {
        toWaiting(code + " " + reason);
      } else {
        toClosed(forGood(code, reason));
      }
    }
  }

  /** One that was good has ended, or the sign-in behind it was ended: whoever gives tokens may know another. */
  private static boolean saysNothingAgainstTheNextToken(int code) {
    return code == CloseCode.TOKEN_EXPIRED.code() || code == CloseCode.REVOKED.code();
  }

  private static Failure forGood(int code, String reason) {
    return new Failure(
        CloseCode.of(code).map(CloseCode::label).orElse("closed"),
        "the gateway closed the connection for good: " + code + " " + reason,
        Retry.NEVER,
        0,
        Optional.empty());
  }

  private void onHeartbeat(long beatMs) {
    // The connection has lasted, so the next loss is not one more of a row.
    backoff.reset();
    if (link.silentNanos() > beatMs * SILENT_HEARTBEATS * 1_000_000) {
      link.abandon("the gateway is silent");
    } else {
      line.send(line.encode(new ClientFrame.Ping(++lastRef)));
    }
  }

  // The token.

  private void renewAfter(long delayMs) {
    renewal = Optional.of(schedule(delayMs, this::renew));
  }

  private void renew() {
    Link current = link;
    CompletableFuture<?> unused = tokens
        .ask()
        .whenComplete((token, failure) -> run(() -> {
          if (link == current && phase == Phase.OPEN) {
            onNewToken(token, failure);
          }
        }));
  }

  /** Without one the connection ends when the old token does, and the gateway says so. */
  private void onNewToken(Optional<String> token, Throwable failure) {
    if (failure != null) {
      LOG.log(Level.WARNING, "There is no newer token: {0}", failure.getMessage());
      renewAfter(AccessToken.nextRenewalMs(Instant.now()));
    } else if (token.isPresent()) {
      refreshRef = ++lastRef;
      line.send(line.encode(new ClientFrame.Refresh(refreshRef, token.get())));
    }
  }

  /** The connection as commands and subscriptions see it. */
  private final class CurrentLine implements Line {
    @Override
    public boolean isOpen() {
      return phase == Phase.OPEN;
    }

    @Override
    public long nextRef() {
      return ++lastRef;
    }

    @Override
    public byte[] encode(ClientFrame frame) {
      return codec.encode(frame);
    }

    @Override
    public void send(byte[] frame) {
      link.send(frame);
    }

    @Override
    public int maxMessageBytes() {
      return maxMessageBytes;
    }

    @Override
    public void after(long delayMs, Runnable task) {
      ScheduledFuture<?> unused = schedule(delayMs, () -> {
        if (phase != Phase.CLOSED) {
          task.run();
        }
      });
    }

    /** At least a little, and not the same for all: many may have been refused in the same moment. */
    @Override
    public long retryWaitMs(long askedMs) {
      return askedMs + 1 + random.nextLong(options.firstBackoff().toMillis());
    }
  }

  /** What the gateway says, one method per frame. */
  private final class Frames implements ServerFrame.Handler<Void> {
    @Override
    public Void on(ServerFrame.Connected frame) {
      if (phase == Phase.CONNECTING && frame.ref() == connectRef) {
        toOpen(frame);
      }
      return null;
    }

    @Override
    public Void on(ServerFrame.Subscribed frame) {
      subscriptions.onSubscribed(frame);
      return null;
    }

    @Override
    public Void on(ServerFrame.Resumed frame) {
      subscriptions.onResumed(frame);
      return null;
    }

    @Override
    public Void on(ServerFrame.Unsubscribed frame) {
      subscriptions.onUnsubscribed(frame);
      return null;
    }

    @Override
    public Void on(ServerFrame.Reply frame) {
      commands.onReply(frame.ref(), frame.result());
      return null;
    }

    @Override
    public Void on(ServerFrame.Publication frame) {
      subscriptions.onPublication(frame);
      return null;
    }

    @Override
    public Void on(ServerFrame.Gap frame) {
      subscriptions.onGap(frame);
      return null;
    }

    @Override
    public Void on(ServerFrame.Disconnect frame) {
      goodbye = Optional.of(frame);
      return null;
    }

    @Override
    public Void on(ServerFrame.Error frame) {
      if (phase == Phase.CONNECTING && frame.ref() == connectRef) {
        onNotConnected(frame.failure());
      } else if (refreshRef != 0 && frame.ref() == refreshRef) {
        onNotRefreshed(frame.failure());
      } else if (!subscriptions.onError(frame.ref(), frame.failure())) {
        commands.onFailure(frame.ref(), frame.failure());
      }
      return null;
    }

    @Override
    public Void on(ServerFrame.Refreshed frame) {
      if (frame.ref() == refreshRef) {
        refreshRef = 0;
        frame.expiresAt().ifPresent(at -> renewAfter(AccessToken.nextRenewalMs(at)));
      }
      return null;
    }

    @Override
    public Void on(ServerFrame.Pong frame) {
      return null;
    }

    /** Answers to streams and uploads, which this client does not open. */
    @Override
    public Void on(ServerFrame.Item frame) {
      return null;
    }

    @Override
    public Void on(ServerFrame.More frame) {
      return null;
    }

    @Override
    public Void on(ServerFrame.Complete frame) {
      return null;
    }
  }

  /** What the gateway cannot check just now is shown to it again; it may also close, and say when to come back. */
  private void onNotConnected(Failure failure) {
    if (failure.retry() == Retry.NEVER) {
      toClosed(failure);
      return;
    }
    Link current = link;
    line.after(line.retryWaitMs(failure.retryAfterMs()), () -> {
      if (link == current && phase == Phase.CONNECTING) {
        current.send(connectFrame);
      }
    });
  }

  private void onNotRefreshed(Failure failure) {
    refreshRef = 0;
    LOG.log(Level.WARNING, "The gateway did not take the newer token: {0}", failure.message());
    if (failure.retry() == Retry.LATER) {
      renewAfter(AccessToken.nextRenewalMs(Instant.now()));
    }
  }
}
