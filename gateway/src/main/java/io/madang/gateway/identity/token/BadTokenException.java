package io.madang.gateway.identity.token;

/** A text that is not an access token of ours; says which rule it breaks, for our log, and repeats nothing of it. */
public final class BadTokenException extends Exception {
  private static final long serialVersionUID = 1;

  public BadTokenException(String rule) {
    super(rule, null, false, false);
  }
}
