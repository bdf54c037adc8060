package io.madang.gateway.edge.signalr.session;

import io.madang.gateway.limit.DeadlineWheel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/** The event loop of a link, whose clock and turns only the test moves, and the conversation that the link tells. */
public abstract class LinkStage {
  protected final DeadlineWheel deadlines = new DeadlineWheel(0);

  /** What is to run behind the task that runs just now. */
  protected final Queue<Runnable> later = new ArrayDeque<>();

  protected final FakeConversation conversation = new FakeConversation();
  protected long nowMs;

  /** Lets time pass, tick by tick. */
  protected void pass(Duration time) {
    long until = nowMs + time.toMillis();
    while (nowMs < until) {
      nowMs = Math.min(until, nowMs + DeadlineWheel.TICK_MS);
      deadlines.advance(nowMs);
    }
  }

  /** Ends the turn. */
  protected void turn() {
    while (!later.isEmpty()) {
      later.remove().run();
    }
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
