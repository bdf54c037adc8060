package io.madang.stores;

/**
 * A store could not be started, stopped or brought back. The message is one sentence for the person
 * at the terminal: what is wrong, with the value in it, and what to do.
 */
public class StoreStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreStartException(String message) {
    super(message);
  }

  public StoreStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
