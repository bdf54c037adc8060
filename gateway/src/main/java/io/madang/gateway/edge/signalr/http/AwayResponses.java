package io.madang.gateway.edge.signalr.http;

import io.madang.gateway.limit.DeadlineWheel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The responses at this loop that wait for hub connections of other gateways. Those connections go on when this gateway stops, but
 * no drain of theirs knows of it; so each of the responses is ended here, in a slot of its own, such that its client comes back by
 * another gateway: a poll with nothing, and a stream by its home's goodbye. For one event loop.
 */
final class AwayResponses {
  /** One of them. */
  interface Away {
    /** The gateway stops: has the response end soon. */
    void leave();
  }

  private final Set<Away> responses = new HashSet<>();

  /** Present once the gateway stops; done when none is left. */
  private Optional<Promise<Void>> left = Optional.empty();

  /** Whether the time of all slots is over, and what comes is sent away at once. */
  private boolean isOver;

  void began(Away response) {
    responses.add(response);
    if (isOver) {
      response.leave();
    }
  }

  int size() {
    return responses.size();
  }

  void ended(Away response) {
    responses.remove(response);
    if (responses.isEmpty()) {
      left.ifPresent(Promise::tryComplete);
    }
  }

  /**
   * Has all of them end.
   *
   * @param slot asked for each, how long it is served as before
   * @param window what no slot is longer than
   * @return succeeds when none is left; those that do not end are cut with the server
   */
  Future<Void> leave(
      Supplier<Duration> slot, Duration window, DeadlineWheel deadlines, LongSupplier clockMs) {
    Promise<Void> promise = Promise.promise();
    left = Optional.of(promise);
    long now = clockMs.getAsLong();
    for (Away each : responses) {
      deadlines.at(now + slot.get().toMillis(), () -> {
        if (responses.contains(each)) {
          each.leave();
        }
      });
    }
    deadlines.at(now + window.toMillis(), () -> {
      isOver = true;
      List.copyOf(responses).forEach(Away::leave);
    });
    if (responses.isEmpty()) {
      promise.tryComplete();
    }
    return promise.future();
  }
}
