package io.madang.runtime.store;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits on a test's thread for what happens on an event loop. */
public final class Done {
  private static final int LIMIT_S = 30;

  private Done() {}

  /** What it came to; its own failure is thrown as it is. */
  public static <T> T of(Future<T> future) {
    try {
      return future.await(LIMIT_S, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("not done within " + LIMIT_S + " s", e);
    }
  }
}
