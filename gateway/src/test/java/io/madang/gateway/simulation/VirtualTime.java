package io.madang.gateway.simulation;

import io.madang.runtime.time.NodeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The one clock of a simulated mesh, and who may run next. Time stands still while anything can run; which of the loops that have
 * something to do runs first, the seed says, as threads of a real process may be overtaken anywhere.
 */
final class VirtualTime implements NodeTime {
  /** Tasks within one moment beyond which they are taken for a circle without end. */
  private static final int MOST_AT_ONCE = 200_000;

  /** One task in so many keeps its loop busy for a while. */
  private static final int SLOW_TASK = 400;

  private static final int SLOWEST_TASK_MS = 12;

  private record Event(long at, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final Random random;
  private final Consumer<Throwable> onBug;
  private final PriorityQueue<Event> events = new PriorityQueue<>();

  /** Loops with something to do. */
  private final List<SimLoop> ready = new ArrayList<>();

  /** Whose task runs; null between tasks. */
  private SimLoop current;

  private long now = Duration.ofSeconds(1_000).toNanos();
  private long order;
  private int tasksAtOnce;

  /** @param onBug told what a task throws, which Vert.x would only log */
  VirtualTime(long seed, Consumer<Throwable> onBug) {
    this.random = new Random(seed);
    this.onBug = onBug;
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public RandomGenerator dice() {
    return random;
  }

  /** From 0 to below {@code bound}. */
  int roll(int bound) {
    return random.nextInt(bound);
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  <T> T oneOf(List<T> things) {
    return things.get(random.nextInt(things.size()));
  }

  /** Between the two, in microseconds, as nanoseconds. */
  long micros(int from, int to) {
    return 1_000L * (from + random.nextInt(to - from));
  }

  /** Does {@code action} outside of every process, after a while. */
  void after(long nanos, Runnable action) {
    events.add(new Event(now + Math.max(0, nanos), order++, action));
  }

  void afterMillis(long millis, Runnable action) {
    after(millis * 1_000_000, action);
  }

  SimLoop current() {
    return current;
  }

  /** A loop has something to do. */
  void ready(SimLoop loop) {
    if (!loop.isListed && loop.mayRun(now)) {
      loop.isListed = true;
      ready.add(loop);
    }
  }

  /** Until {@code ended} says so, or the time is over. */
  void runFor(Duration duration, BooleanSupplier ended) {
    long until = now + duration.toNanos();
    while (!ended.getAsBoolean()) {
      if (!ready.isEmpty()) {
        runOne();
        continue;
      }
      Event next = events.peek();
      if (next == null || next.at > until) {
        now = until;
        return;
      }
      events.poll();
      if (next.at > now) {
        now = next.at;
        tasksAtOnce = 0;
      }
      guarded(next.action);
    }
  }

  private void runOne() {
    int chosen = random.nextInt(ready.size());
    SimLoop loop = ready.get(chosen);
    ready.set(chosen, ready.get(ready.size() - 1));
    ready.remove(ready.size() - 1);
    loop.isListed = false;
    if (!loop.mayRun(now)) {
      return;
    }
    if (++tasksAtOnce > MOST_AT_ONCE) {
      throw new IllegalStateException("tasks without end in one moment, the last on " + loop);
    }
    Runnable task = loop.take();
    current = loop;
    guarded(task);
    current = null;
    if (random.nextInt(SLOW_TASK) == 0) {
      loop.busyUntil = now + micros(100, SLOWEST_TASK_MS * 1_000);
      after(loop.busyUntil - now, () -> ready(loop));
    }
    ready(loop);
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      onBug.accept(e);
    }
  }
}
