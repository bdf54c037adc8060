package io.madang.client;

import io.madang.protocol.frame.ServerFrame.Failure;

/** The mesh answered a request with an error. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Failure failure;

  RefusedException(Failure failure) {
    super(failure.code() + ": " + failure.message(), null, false, false);
    this.failure = failure;
  }

  /** Code, message and what the mesh says of trying again. */
  public Failure failure() {
    return failure;
  }
}
