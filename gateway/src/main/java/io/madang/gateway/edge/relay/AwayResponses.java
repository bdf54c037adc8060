package io.madang.gateway.edge.relay;

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
 * The responses at this loop that wait for conversations of other gateways. Those conversations go on when this gateway stops, but
 * no drain of theirs knows of it; so each of the responses is made to end, in a slot of its own, such that its client comes back by
 * another gateway. For one event loop.
 */
public final class AwayResponses {
  /** One of them. */
  public interface Away {
    /** The gateway stops: has the response end soon. */
    void leave();
  }

  private final Set<Away> responses = new HashSet<>();

  /** Present once the gateway stops; done when none is left. */
  private Optional<Promise<Void>> left = Optional.empty();

  /** Whether the time of all slots is over, and what comes is sent away at once. */
  private boolean isOver;

  /** One waits from now on. */
  public void began(Away response) {
    responses.add(response);
    if (isOver) {
      response.leave();
    }
  }

  public int size() {
    return responses.size();
  }

  /** One waits no more. */
  public void ended(Away response) {
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
  public Future<Void> leave(
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
