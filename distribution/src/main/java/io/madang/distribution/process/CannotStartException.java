package io.madang.distribution.process;

/** The process cannot start; the message is one sentence that says what is wrong and what to do. */
public final class CannotStartException extends RuntimeException {
  public CannotStartException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
