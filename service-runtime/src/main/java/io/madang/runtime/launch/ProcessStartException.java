package io.madang.runtime.launch;

/** The process cannot start; the message is one sentence that says what is wrong. */
public final class ProcessStartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ProcessStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
