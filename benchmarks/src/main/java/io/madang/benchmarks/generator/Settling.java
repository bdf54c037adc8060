package io.madang.benchmarks.generator;

import io.madang.benchmarks.hearing.Ledger;
import java.util.function.BooleanSupplier;

/** Waits until all is there, or nothing more has come for a while. */
final class Settling implements Errand {
  private final Ledger ledger;
  private final BooleanSupplier complete;
  private final long quietNanos;
  private final Runnable done;

  private long deliveries = -1;
  private long since;

  /** @param quietNanos as long without a delivery, what is missing is lost */
  Settling(Ledger ledger, BooleanSupplier complete, long quietNanos, Runnable done) {
    this.ledger = ledger;
    this.complete = complete;
    this.quietNanos = quietNanos;
    this.done = done;
  }

  @Override
  public boolean isDoneAfterTurn(long now) {
    if (ledger.deliveries() != deliveries) {
      deliveries = ledger.deliveries();
      since = now;
    }
    if (!complete.getAsBoolean() && now - since < quietNanos) {
      return false;
    }
    done.run();
    return true;
  }
}
