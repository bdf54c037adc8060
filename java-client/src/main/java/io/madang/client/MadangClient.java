package io.madang.client;

import io.madang.protocol.code.CloseCode;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.code.Retry;
import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.frame.ServerFrame.TopicState;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.frame.TopicPosition;
import io.madang.protocol.json.RawJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A client of the mesh over {@code madang.v1}. It connects, comes back after a loss to the next gateway, resumes each topic
 * from its position and resends commands that were not answered with the ids they had, so that each is done once.
 *
 * <p>Every field below is touched on the client's own thread only; the public methods may be called on any. Listeners and
 * completions run on the client's thread and must not block it.
 *
 * <pre>
 *   CONNECTING ── connected ──► OPEN ── lost ──► WAITING ── time is over ──► CONNECTING
 *        └──────── lost ────────────────────────────┘      any ── close(), or a code that forbids ──► CLOSED
 * </pre>
 */
public final class MadangClient implements AutoCloseable {
  private enum Phase {
    CONNECTING,
    OPEN,
    WAITING,
    CLOSED
  }

  /** Silence of this many heartbeats means that the connection is dead. */
  private static final double SILENT_HEARTBEATS = 2.5;

  private final ClientOptions options;
  private final HttpClient http = HttpClient.newHttpClient();
  private final FrameCodec codec = new FrameCodec();
  private final ScheduledThreadPoolExecutor thread = newThread();
  private final Backoff backoff;
  private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();

  /** Requests without answer by ref, in the order they were made. */
  private final Map<Long, Request> pending = new LinkedHashMap<>();

  /** Topics asked for by a resume, by its ref. */
  private final Map<Long, List<String>> resuming = new LinkedHashMap<>();

  private final Link.Events events = new LinkEvents();
  private final ServerFrame.Handler<Void> frames = new Frames();

  private Phase phase = Phase.CONNECTING;
  private Link link;

  /** Index of the gateway to try next. */
  private int nextGateway;

  private long lastRef;
  private long connectRef;

  /** When the gateway was last heard, by {@link System#nanoTime}. */
  private long heardNanos;

  /** What the gateway asked to wait before coming back, in milliseconds; -1 when it did not. */
  private long askedWaitMs = -1;

  private Optional<ScheduledFuture<?>> heartbeat = Optional.empty();
  private Optional<ScheduledFuture<?>> connectTimer = Optional.empty();
  private final CompletableFuture<ServerFrame.Connected> firstConnected = new CompletableFuture<>();

  private static final class Subscription {
    final String topic;
    final TopicListener listener;

    /** Completes with the first answer. */
    final CompletableFuture<StreamPosition> ready = new CompletableFuture<>();

    /** Up to where everything was heard; empty before the first answer. */
    Optional<StreamPosition> position = Optional.empty();

    Subscription(String topic, TopicListener listener) {
      this.topic = topic;
      this.listener = listener;
    }
  }

  private static final class Request {
    final ClientFrame.Command frame;
    final CompletableFuture<RawJson> answer;
    final long deadlineNanos;

    Request(ClientFrame.Command frame, CompletableFuture<RawJson> answer, long deadlineNanos) {
      this.frame = frame;
      this.answer = answer;
      this.deadlineNanos = deadlineNanos;
    }
  }

  private MadangClient(ClientOptions options) {
    this.options = options;
    this.backoff =
        new Backoff(options.firstBackoff(), options.lastBackoff(), ThreadLocalRandom.current());
  }

  /** Begins to connect and keeps at it until {@link #close}. */
  public static MadangClient connect(ClientOptions options) {
    MadangClient client = new MadangClient(options);
    client.thread.execute(client::toConnecting);
    return client;
  }

  /** Completes when the client is connected for the first time; fails when a gateway forbids it or the client is closed. */
  public CompletableFuture<ServerFrame.Connected> connected() {
    return firstConnected.copy();
  }

  /**
   * Hears a topic from now on, through every loss of the connection. One listener per topic.
   *
   * @return completes with the first position; fails with {@link RefusedException}
   */
  public CompletableFuture<StreamPosition> subscribe(String topic, TopicListener listener) {
    Subscription subscription = new Subscription(topic, listener);
    thread.execute(() -> {
      if (subscriptions.putIfAbsent(topic, subscription) != null) {
        subscription.ready.completeExceptionally(
            new IllegalStateException("already subscribed to " + topic));
      } else if (phase == Phase.OPEN) {
        sendSubscribe(subscription);
      }
    });
    return subscription.ready;
  }

  /** Ends hearing a topic. */
  public void unsubscribe(String topic) {
    thread.execute(() -> {
      if (subscriptions.remove(topic) != null && phase == Phase.OPEN) {
        send(new ClientFrame.Unsubscribe(++lastRef, topic));
      }
    });
  }

  /** Gives a command with an id of its own; see the other form. */
  public CompletableFuture<RawJson> command(String service, String name, RawJson args) {
    return command(service, name, UUID.randomUUID().toString(), args);
  }

  /**
   * Gives a command once, however often it must be sent for that.
   *
   * @param id the same id means the same command, also from another client
   * @return completes with the result; fails with {@link RefusedException}, or with a timeout when no answer came within the
   *     command timeout: the outcome is then unknown
   */
  public CompletableFuture<RawJson> command(String service, String name, String id, RawJson args) {
    CompletableFuture<RawJson> answer = new CompletableFuture<>();
    long deadline = System.nanoTime() + options.commandTimeout().toNanos();
    thread.execute(() -> {
      long ref = ++lastRef;
      Request request = new Request(
          new ClientFrame.Command(ref, service, name, Optional.of(id), args), answer, deadline);
      pending.put(ref, request);
      if (phase == Phase.OPEN) {
        send(request.frame);
      } else if (phase == Phase.CLOSED) {
        expire(request, "the client is closed");
      }
    });
    after(options.commandTimeout().toMillis(), () -> expire(answer));
    return answer;
  }

  /** The client's thread: made when there is something to do, gone a second after there is nothing. */
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

  /** What is thrown goes where an exception on a thread goes: a scheduled task would keep it to itself. */
  private void after(long delayMs, Runnable task) {
    ScheduledFuture<?> unused =
        thread.schedule(() -> thread.execute(task), delayMs, TimeUnit.MILLISECONDS);
  }

  private void expire(CompletableFuture<RawJson> answer) {
    for (Request request : List.copyOf(pending.values())) {
      if (request.answer == answer) {
        expire(request, "no answer within " + options.commandTimeout().toMillis() + " ms");
      }
    }
  }

  private void expire(Request request, String why) {
    pending.remove(request.frame.ref());
    request.answer.completeExceptionally(
        new RefusedException(Failure.of(ErrorCode.TIMEOUT, why + "; the outcome is unknown")));
  }

  /** Ends the connection and everything that waits. */
  @Override
  public void close() {
    thread.execute(() -> toClosed("the client was closed"));
  }

  // Phases.

  private void toConnecting() {
    phase = Phase.CONNECTING;
    askedWaitMs = -1;
    URI gateway = options.gateways().get(nextGateway);
    nextGateway = (nextGateway + 1) % options.gateways().size();
    link = new Link(thread, events);
    Link attempt = link;
    connectTimer = Optional.of(thread.schedule(
        () -> attempt.abandon("the gateway did not answer in time"),
        options.connectTimeout().toMillis(),
        TimeUnit.MILLISECONDS));
    link.open(http, gateway, options.connectTimeout());
  }

  private void toOpen(ServerFrame.Connected connected) {
    phase = Phase.OPEN;
    connectTimer.ifPresent(timer -> timer.cancel(false));
    backoff.reset();
    firstConnected.complete(connected);
    long beatMs = Math.max(1, connected.heartbeatMs());
    heartbeat = Optional.of(thread.scheduleAtFixedRate(
        () -> onHeartbeat(beatMs), beatMs, beatMs, TimeUnit.MILLISECONDS));
    resumeTopics();
    pending.values().forEach(request -> send(request.frame));
  }

  private void toWaiting() {
    phase = Phase.WAITING;
    long waitMs = askedWaitMs >= 0 ? askedWaitMs : backoff.next().toMillis();
    after(waitMs, () -> {
      if (phase == Phase.WAITING) {
        toConnecting();
      }
    });
  }

  private void toClosed(String why) {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CLOSED;
    stopTimers();
    Link last = link;
    if (last != null) {
      last.closeNormally();
    }
    RefusedException closed = new RefusedException(Failure.of(ErrorCode.UNAVAILABLE, why));
    firstConnected.completeExceptionally(closed);
    List.copyOf(pending.values()).forEach(request -> expire(request, why));
    subscriptions
        .values()
        .forEach(subscription -> subscription.ready.completeExceptionally(closed));
    List.copyOf(subscriptions.values()).forEach(subscription -> subscription.listener.ended(why));
    subscriptions.clear();
  }

  private void stopTimers() {
    heartbeat.ifPresent(timer -> timer.cancel(false));
    connectTimer.ifPresent(timer -> timer.cancel(false));
  }

  private final class LinkEvents implements Link.Events {
    @Override
    public void opened(Link opened) {
      heardNanos = System.nanoTime();
      connectRef = ++lastRef;
      opened.send(
          codec.encode(new ClientFrame.Connect(connectRef, options.token().get())));
    }

    @Override
    public void message(Link from, byte[] utf8) {
      heardNanos = System.nanoTime();
      try {
        codec.decodeServerFrame(utf8).dispatch(frames);
      } catch (BadFrameException e) {
        from.abandon("the gateway sent a frame that is none: " + e.getMessage());
      }
    }

    @Override
    public void closed(Link lost, int code, String reason) {
      if (lost != link || phase == Phase.CLOSED) {
        return;
      }
      stopTimers();
      resuming.clear();
      if (CloseCode.mayReconnect(code)) {
        toWaiting();
      } else {
        toClosed("the gateway closed the connection: " + code + " " + reason);
      }
    }
  }

  private void onHeartbeat(long beatMs) {
    if (System.nanoTime() - heardNanos > beatMs * SILENT_HEARTBEATS * 1_000_000) {
      link.abandon("the gateway is silent");
    } else {
      send(new ClientFrame.Ping(++lastRef));
    }
  }

  private void send(ClientFrame frame) {
    link.send(codec.encode(frame));
  }

  // Topics.

  private void resumeTopics() {
    List<TopicPosition> positions = new ArrayList<>();
    for (Subscription subscription : subscriptions.values()) {
      if (subscription.position.isPresent()) {
        positions.add(new TopicPosition(subscription.topic, subscription.position.get()));
      } else {
        sendSubscribe(subscription);
      }
    }
    if (!positions.isEmpty()) {
      long ref = ++lastRef;
      resuming.put(ref, positions.stream().map(TopicPosition::topic).toList());
      send(new ClientFrame.Resume(ref, positions));
    }
  }

  private void sendSubscribe(Subscription subscription) {
    long ref = ++lastRef;
    resuming.put(ref, List.of(subscription.topic));
    send(new ClientFrame.Subscribe(ref, subscription.topic, subscription.position));
  }

  private void onState(TopicState state) {
    Subscription subscription = subscriptions.get(state.topic());
    if (subscription == null) {
      return;
    }
    if (!state.recovered()) {
      subscription.position.ifPresent(from -> subscription.listener.gap(from, state.position()));
      subscription.listener.snapshot(state.position(), state.snapshot());
    }
    state.publications().forEach(publication -> subscription.listener.publication(publication));
    subscription.position = Optional.of(state.position());
    subscription.ready.complete(state.position());
  }

  private void onNotSubscribed(String topic, Failure failure) {
    Subscription subscription = subscriptions.get(topic);
    if (subscription == null) {
      return;
    }
    if (failure.retry() == Retry.LATER) {
      Link current = link;
      after(Math.max(failure.retryAfterMs(), backoffMs()), () -> {
        if (phase == Phase.OPEN && link == current && subscriptions.get(topic) == subscription) {
          sendSubscribe(subscription);
        }
      });
      return;
    }
    subscriptions.remove(topic);
    subscription.ready.completeExceptionally(new RefusedException(failure));
    subscription.listener.ended(failure.code());
  }

  private long backoffMs() {
    return 100 + ThreadLocalRandom.current().nextLong(options.firstBackoff().toMillis() + 1);
  }

  /** What the gateway says, one method per frame. */
  private final class Frames implements ServerFrame.Handler<Void> {
    @Override
    public Void on(ServerFrame.Connected frame) {
      toOpen(frame);
      return null;
    }

    @Override
    public Void on(ServerFrame.Subscribed frame) {
      resuming.remove(frame.ref());
      onState(frame.topic());
      return null;
    }

    @Override
    public Void on(ServerFrame.Resumed frame) {
      resuming.remove(frame.ref());
      frame
          .topics()
          .forEach(resumption -> resumption.dispatch(new ServerFrame.ResumptionHandler<Void>() {
            @Override
            public Void on(ServerFrame.Restored restored) {
              onState(restored.state());
              return null;
            }

            @Override
            public Void on(ServerFrame.NotRestored refused) {
              onNotSubscribed(refused.topic(), refused.failure());
              return null;
            }
          }));
      return null;
    }

    @Override
    public Void on(ServerFrame.Unsubscribed frame) {
      frame
          .reason()
          .ifPresent(reason -> Optional.ofNullable(subscriptions.remove(frame.topic()))
              .ifPresent(subscription -> subscription.listener.ended(reason)));
      return null;
    }

    @Override
    public Void on(ServerFrame.Reply frame) {
      Optional.ofNullable(pending.remove(frame.ref()))
          .ifPresent(request -> request.answer.complete(frame.result()));
      return null;
    }

    @Override
    public Void on(ServerFrame.Publication frame) {
      Subscription subscription = subscriptions.get(frame.topic());
      if (subscription != null) {
        frame.place().ifPresent(place -> subscription.position = Optional.of(place.position()));
        subscription.listener.publication(frame);
      }
      return null;
    }

    @Override
    public Void on(ServerFrame.Gap frame) {
      Subscription subscription = subscriptions.get(frame.topic());
      if (subscription != null) {
        subscription.position = Optional.empty();
        subscription.listener.gap(frame.from(), frame.to());
        sendSubscribe(subscription);
      }
      return null;
    }

    @Override
    public Void on(ServerFrame.Disconnect frame) {
      askedWaitMs = frame.afterMs();
      return null;
    }

    @Override
    public Void on(ServerFrame.Error frame) {
      List<String> topics = resuming.remove(frame.ref());
      if (topics != null) {
        topics.forEach(topic -> onNotSubscribed(topic, frame.failure()));
        return null;
      }
      if (frame.ref() == connectRef
          && phase == Phase.CONNECTING
          && frame.failure().retry() == Retry.NEVER) {
        toClosed(frame.failure().code() + ": " + frame.failure().message());
        return null;
      }
      onCommandFailed(frame);
      return null;
    }

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

    @Override
    public Void on(ServerFrame.Refreshed frame) {
      return null;
    }

    @Override
    public Void on(ServerFrame.Pong frame) {
      return null;
    }
  }

  /** A refusal is final; what may be tried later is tried with the same id while there is time. */
  private void onCommandFailed(ServerFrame.Error frame) {
    Request request = pending.get(frame.ref());
    if (request == null) {
      return;
    }
    long waitMs = Math.max(frame.failure().retryAfterMs(), backoffMs());
    boolean inTime = System.nanoTime() + waitMs * 1_000_000 < request.deadlineNanos;
    if (frame.failure().retry() == Retry.LATER && inTime) {
      Link current = link;
      after(waitMs, () -> {
        if (phase == Phase.OPEN && link == current && pending.containsKey(frame.ref())) {
          send(request.frame);
        }
      });
      return;
    }
    pending.remove(frame.ref());
    request.answer.completeExceptionally(new RefusedException(frame.failure()));
  }
}
