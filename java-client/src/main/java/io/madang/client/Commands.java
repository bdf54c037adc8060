package io.madang.client;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.code.Retry;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.RawJson;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The commands that wait for their answer. They leave in the order they were given, a bounded number at a time; what was sent
 * and not answered when a connection is lost leaves again on the next, before anything newer, with the id it had. Touched on
 * the client's thread only.
 */
final class Commands {
  private final Line line;

  /** Given and not on the current connection, by ref, which is the order they were given in. */
  private final TreeMap<Long, Request> unsent = new TreeMap<>();

  /** Sent on the current connection, or refused there for now and tried again in a moment. */
  private final TreeMap<Long, Request> sent = new TreeMap<>();

  /** How many may be in {@link #sent}; the gateway's limit less one, which is left for a refresh. */
  private int window = 1;

  /** Whether a look at the deadlines is due in time. */
  private boolean watching;

  private static final class Request {
    final long ref;
    final byte[] frame;
    final long deadlineNanos;
    final CompletableFuture<RawJson> answer;

    /** How often it was sent. */
    int attempts;

    Request(long ref, byte[] frame, long deadlineNanos, CompletableFuture<RawJson> answer) {
      this.ref = ref;
      this.frame = frame;
      this.deadlineNanos = deadlineNanos;
      this.answer = answer;
    }
  }

  Commands(Line line) {
    this.line = line;
  }

  /** Takes a command; those given earlier have earlier deadlines. */
  void give(ClientFrame.Command command, long deadlineNanos, CompletableFuture<RawJson> answer) {
    unsent.put(
        command.ref(), new Request(command.ref(), line.encode(command), deadlineNanos, answer));
    watchDeadlines();
    sendWhatMay();
  }

  void opened(int maxPending) {
    window = Math.max(1, maxPending - 1);
    sendWhatMay();
  }

  void lost() {
    unsent.putAll(sent);
    sent.clear();
  }

  /** Nothing will be answered any more. */
  void closed(Failure why) {
    lost();
    unsent
        .values()
        .forEach(request -> request.answer.completeExceptionally(new RefusedException(why)));
    unsent.clear();
  }

  void onReply(long ref, RawJson result) {
    Request request = sent.remove(ref);
    if (request != null) {
      request.answer.complete(result);
      sendWhatMay();
    }
  }

  /** A refusal is final; what may be tried later is tried with the same id while there is time. */
  void onFailure(long ref, Failure failure) {
    Request request = sent.get(ref);
    if (request == null) {
      return;
    }
    long waitMs = line.retryWaitMs(failure.retryAfterMs());
    boolean inTime =
        request.deadlineNanos - System.nanoTime() > TimeUnit.MILLISECONDS.toNanos(waitMs);
    if (failure.retry() == Retry.LATER && inTime) {
      int attempts = request.attempts;
      line.after(waitMs, () -> {
        if (sent.get(ref) == request && request.attempts == attempts) {
          transmit(request);
        }
      });
    } else {
      sent.remove(ref);
      request.answer.completeExceptionally(new RefusedException(failure));
      sendWhatMay();
    }
  }

  private void sendWhatMay() {
    while (line.isOpen() && sent.size() < window && !unsent.isEmpty()) {
      Request request = unsent.pollFirstEntry().getValue();
      if (request.frame.length > line.maxMessageBytes()) {
        // The gateway would close the connection for good.
        request.answer.completeExceptionally(RefusedException.of(
            ErrorCode.TOO_LARGE,
            "the command has " + request.frame.length + " bytes and the gateway takes "
                + line.maxMessageBytes()));
      } else {
        sent.put(request.ref, request);
        transmit(request);
      }
    }
  }

  private void transmit(Request request) {
    request.attempts++;
    line.send(request.frame);
  }

  // Deadlines.

  private void watchDeadlines() {
    if (!watching && !(unsent.isEmpty() && sent.isEmpty())) {
      watching = true;
      long leftNanos = oldest().deadlineNanos - System.nanoTime();
      line.after(Math.max(0, leftNanos / 1_000_000 + 1), this::onDeadline);
    }
  }

  private void onDeadline() {
    watching = false;
    long now = System.nanoTime();
    while (!(unsent.isEmpty() && sent.isEmpty()) && oldest().deadlineNanos - now <= 0) {
      Request late = oldest();
      unsent.remove(late.ref);
      sent.remove(late.ref);
      late.answer.completeExceptionally(RefusedException.of(
          ErrorCode.TIMEOUT,
          late.attempts == 0
              ? "the command could not be sent in time"
              : "no answer came in time; whether the command was carried out is not known"));
    }
    watchDeadlines();
    sendWhatMay();
  }

  /** All have the same time, so the lowest ref is the next to run out of it. */
  private Request oldest() {
    Map.Entry<Long, Request> first = unsent.firstEntry();
    Map.Entry<Long, Request> underWay = sent.firstEntry();
    if (first == null || (underWay != null && underWay.getKey() < first.getKey())) {
      return underWay.getValue();
    }
    return first.getValue();
  }
}
