package io.madang.gateway.identity.postgres;

/** PostgreSQL did not answer, or not with an answer; the cause is for our log only. Has no stack of its own. */
public final class StoreFaultException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StoreFaultException(Throwable cause) {
    super("the accounts database failed: " + cause.getMessage(), cause, false, false);
  }
}
