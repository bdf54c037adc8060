package io.madang.client;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ServerFrame.Failure;

/**
 * A request failed, and {@link #failure} says why in the mesh's own terms: a service's or gateway's answer as it came, or one
 * of these from the client itself:
 *
 * <ul>
 *   <li>{@code timeout}: no answer within the command timeout; whether the command was carried out is not known
 *   <li>{@code unavailable}: the client was closed, or the subscription given up, before the answer; for a command the outcome
 *       is not known
 *   <li>{@code too-many-requests}: as many commands wait as may; nothing was sent
 *   <li>{@code too-large}: the command is above what the gateway takes; nothing was sent
 *   <li>the label of a close code, such as {@code bad-token} or {@code banned}: the gateway ended the connection for good
 * </ul>
 *
 * <p>It carries no stack trace: it tells of somebody else's answer.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Failure failure;

  RefusedException(Failure failure) {
    super(failure.code() + ": " + failure.message(), null, false, false);
    this.failure = failure;
  }

  static RefusedException of(ErrorCode code, String message) {
    return new RefusedException(Failure.of(code, message));
  }

  /** Code, message and what the mesh says of trying again. */
  public Failure failure() {
    return failure;
  }
}
