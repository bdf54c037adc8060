package io.madang.runtime.fault;

import io.madang.runtime.bus.BusMessage;
import io.madang.runtime.bus.BusMessage.Ask;
import io.madang.runtime.bus.FaultPoints;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The faults of a {@link FaultPlan}. What happens to the n-th message of a kind depends on the seed, the node, the kind and n
 * alone. Its methods may be called on any thread.
 */
public final class PlannedFaults implements FaultPoints {
  private static final Logger LOG = LoggerFactory.getLogger(PlannedFaults.class);
  private static final double PERCENT = 100;

  private final Vertx vertx;

  /** Name of the node, without its incarnation. */
  private final String node;

  /** Replaced as a whole by {@link #follow}. */
  private volatile Run run;

  /** @param node part of every choice, so that nodes with one seed do not choose alike */
  public PlannedFaults(Vertx vertx, String node) {
    this.vertx = vertx;
    this.node = node;
    this.run = new Run(FaultPlan.NOTHING, node);
  }

  /** A plan under way. */
  private static final class Run {
    final FaultPlan plan;
    final Map<String, Kind> kinds;
    final AtomicInteger publications = new AtomicInteger();

    Run(FaultPlan plan, String node) {
      this.plan = plan;
      this.kinds = plan.messages().entrySet().stream()
          .collect(Collectors.toUnmodifiableMap(
              Map.Entry::getKey,
              entry -> new Kind(
                  entry.getValue(), new Random(plan.seed() ^ (node + entry.getKey()).hashCode()))));
    }
  }

  /** Messages of one kind: what shall happen to them, and what did. */
  private static final class Kind {
    final FaultPlan.Shares shares;
    final Random random;
    final AtomicLong dropped = new AtomicLong();
    final AtomicLong doubled = new AtomicLong();
    final AtomicLong delayed = new AtomicLong();

    Kind(FaultPlan.Shares shares, Random random) {
      this.shares = shares;
      this.random = random;
    }
  }

  /** Follows a plan from now on, instead of the one before. */
  void follow(FaultPlan plan) {
    LOG.warn("Faults from now on, as a test wants them: {}", plan);
    run = new Run(plan, node);
  }

  /** What this process takes for the time, and what happened since the plan began, by kind of message. */
  JsonObject report() {
    return new JsonObject().put("time", Instant.now().toString()).put("messages", counts());
  }

  private JsonObject counts() {
    JsonObject counts = new JsonObject();
    new TreeMap<>(run.kinds)
        .forEach((name, kind) -> counts.put(
            name,
            new JsonObject()
                .put("dropped", kind.dropped.get())
                .put("doubled", kind.doubled.get())
                .put("delayed", kind.delayed.get())));
    return counts;
  }

  @Override
  public void leaving(String target, BusMessage message, Runnable onward) {
    Kind kind = run.kinds.get(nameOf(message));
    if (kind == null) {
      onward.run();
      return;
    }
    FaultPlan.Shares shares = kind.shares;
    double lot = kind.random.nextDouble() * PERCENT;
    if (lot < shares.drop()) {
      kind.dropped.incrementAndGet();
    } else if (lot < shares.drop() + shares.twice()) {
      kind.doubled.incrementAndGet();
      onward.run();
      onward.run();
    } else if (lot < shares.drop() + shares.twice() + shares.delay()) {
      kind.delayed.incrementAndGet();
      long late = 1L + kind.random.nextInt(shares.delayMs());
      vertx.setTimer(late, due -> onward.run());
    } else {
      onward.run();
    }
  }

  private static String nameOf(BusMessage message) {
    return message instanceof Ask ask
        ? ask.question().getClass().getSimpleName()
        : message.getClass().getSimpleName();
  }

  @Override
  public void beforePublishing() {
    Run now = run;
    now.plan.dieBeforePublishing().ifPresent(after -> {
      if (now.publications.incrementAndGet() > after) {
        die();
      }
    });
  }

  /** A real SIGKILL; this thread waits for its own end and does nothing any more until it comes. */
  private static void die() {
    LOG.warn("Dies now instead of publishing, as a test wants it");
    try {
      new ProcessBuilder("kill", "-KILL", Long.toString(ProcessHandle.current().pid())).start();
      Thread.currentThread().join();
    } catch (IOException e) {
      throw new UncheckedIOException("this process cannot kill itself", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
