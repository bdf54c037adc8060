package io.madang.runtime.store;

/**
 * A process cannot start, because a store does not answer or turns it away. The message is one sentence for the operator: which
 * store, why, and what to do; no password in it.
 */
public final class StoreStartException extends RuntimeException {
  public StoreStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
