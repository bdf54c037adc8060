package io.madang.gateway.identity.account;

import java.time.Duration;

/**
 * A request about an account was refused; the message is a sentence for the person who asked. Has no stack.
 *
 * <p>An exception and not a value, because it ends a chain of asynchronous steps at any of them and is told once, at the
 * chain's end.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Refusal refusal;
  private final transient Duration retryAfter;

  public RefusedException(Refusal refusal, String sentence) {
    this(refusal, sentence, Duration.ZERO);
  }

  public RefusedException(Refusal refusal, String sentence, Duration retryAfter) {
    super(sentence, null, false, false);
    this.refusal = refusal;
    this.retryAfter = retryAfter;
  }

  public Refusal refusal() {
    return refusal;
  }

  /** Zero when the same request will be refused again. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
