package io.madang.gateway.identity;

import java.time.Duration;
import java.util.Objects;

/** A credential that does not count, or cannot be judged right now. Carries nothing of the credential; has no stack. */
public final class AuthenticationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Why. {@link #code} is the word on the wire. */
  public enum Reason {
    /** Not ours, broken, signed by an unknown key, or for somebody else. */
    BAD_TOKEN("bad-token", "The access token is not valid here."),
    /** Was good; a refresh brings a new one. */
    TOKEN_EXPIRED("token-expired", "The access token has expired; refresh it."),
    /** Was good, and was taken back: signed out, or shut out by an operator. */
    REVOKED("revoked", "The sign-in was ended; sign in again."),
    /** Unknown, used before, or too old; which of them is not told. */
    BAD_TICKET("bad-ticket", "The ticket is unknown, used or expired; ask for a new one."),
    /** A cookie came along from a page that may not use it. */
    ORIGIN_REFUSED(
        "origin-refused",
        "This origin may not use the sign-in cookie here; an operator can add it to MADANG_ALLOWED_ORIGINS."),
    /** Nothing is wrong with the credential as far as we know; try again. */
    UNAVAILABLE("unavailable", "The credential cannot be checked right now; try again.");

    private final String code;
    private final String sentence;

    Reason(String code, String sentence) {
      this.code = code;
      this.sentence = sentence;
    }

    public String code() {
      return code;
    }
  }

  private final Reason reason;
  private final transient Duration retryAfter;

  public AuthenticationException(Reason reason) {
    this(reason, Duration.ZERO, null);
  }

  /** For {@link Reason#UNAVAILABLE}: when to try again, and what went wrong behind the door. */
  public AuthenticationException(Reason reason, Duration retryAfter, Throwable cause) {
    super(reason.sentence, cause, false, false);
    this.reason = Objects.requireNonNull(reason);
    this.retryAfter = Objects.requireNonNull(retryAfter);
  }

  public Reason reason() {
    return reason;
  }

  /** Zero when trying the same again is of no use. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
