package io.madang.runtime.store;

/**
 * A store did not do what it was asked, and it is not the asker's fault. Carries no stack trace: it is made once for each
 * request while a store is away.
 */
public final class StoreUnavailableException extends RuntimeException {
  /** What the asker can conclude. */
  public enum Reason {
    /** There is no connection; nothing was sent. */
    DOWN,
    /** Too much is under way already; nothing was sent. */
    BUSY,
    /** No answer came in time; the request may or may not have been carried out. */
    TIMEOUT,
    /** The connection ended before the answer; the request may or may not have been carried out. */
    LOST
  }

  private final Reason reason;

  public StoreUnavailableException(Reason reason, String message, Throwable cause) {
    super(message, cause, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Whether it is certain that the store did nothing. */
  public boolean nothingWasSent() {
    return reason == Reason.DOWN || reason == Reason.BUSY;
  }
}
