package io.madang.runtime.service;

import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.ClientAnswer.Reason;

/**
 * A client that was asked did not answer. A command whose future fails with it is refused with its code and words, unless the
 * service makes something else of it.
 */
public final class NoClientAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  public NoClientAnswerException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** What whoever gave the command is told. */
  public Refusal refusal() {
    return Refusal.of(reason.code(), getMessage());
  }
}
