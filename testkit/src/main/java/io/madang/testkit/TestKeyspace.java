package io.madang.testkit;

import java.util.function.IntConsumer;

/**
 * An empty Redis database with a number of its own, held until {@link #close()} or the end of the
 * JVM.
 */
public final class TestKeyspace implements AutoCloseable {
  private final String url;
  private final int number;
  private final IntConsumer giveBack;

  /** Whether the number was given back; guarded by this. */
  private boolean closed;

  TestKeyspace(String server, int number, IntConsumer giveBack) {
    this.url = server + "/" + number;
    this.number = number;
    this.giveBack = giveBack;
  }

  /** {@code redis://:password@host:port/number}, as services take it. */
  public String url() {
    return url;
  }

  public int number() {
    return number;
  }

  /** Lets another test have the number, so nothing may write to it any more. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      giveBack.accept(number);
    }
  }
}
