package io.madang.gateway.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/** One event loop of a simulated process: does one thing after the other. */
final class SimLoop {
  final SimProcess process;
  final String name;

  private final VirtualTime time;
  private final Deque<Runnable> tasks = new ArrayDeque<>();

  /** Whether the clock has it among those that may run next; the clock's. */
  boolean isListed;

  /** The task that ran last takes until then; the clock's. */
  long busyUntil;

  SimLoop(SimProcess process, String name, VirtualTime time) {
    this.process = process;
    this.name = name;
    this.time = time;
  }

  void run(Runnable task) {
    tasks.addLast(task);
    time.ready(this);
  }

  Runnable take() {
    return tasks.removeFirst();
  }

  boolean mayRun(long now) {
    return !tasks.isEmpty() && process.runs() && busyUntil <= now;
  }

  @Override
  public String toString() {
    return process.name() + "/" + name;
  }
}
