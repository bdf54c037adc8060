package io.madang.protocol.code;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a gateway could not answer a request. Services refuse with codes of their own, which travel as text, so a client
 * must expect codes that are not here. Append, never rename.
 */
public enum ErrorCode {
  /** The request is not one we can read: not JSON, a member missing or of the wrong type. */
  BAD_REQUEST(Retry.NEVER),
  /** Nobody is signed in on this connection, or the token is not good. */
  UNAUTHENTICATED(Retry.NEVER),
  /** The token was good once and has expired; refresh it. */
  TOKEN_EXPIRED(Retry.NEVER),
  /** This user may not do this. */
  FORBIDDEN(Retry.NEVER),
  /** There is no such path or thing. */
  NOT_FOUND(Retry.NEVER),
  /** No service has announced this name. */
  UNKNOWN_SERVICE(Retry.NEVER),
  /** The service has no command, stream or upload of this name. */
  UNKNOWN_COMMAND(Retry.NEVER),
  /** There is no such topic, or this user may not know that there is. */
  UNKNOWN_TOPIC(Retry.NEVER),
  /** No stream or upload with this ref is open on this connection. */
  UNKNOWN_REF(Retry.NEVER),
  /** The ref is in use by a request still open, or the command id was used with other arguments. */
  CONFLICT(Retry.NEVER),
  /** More requests than this connection or user may make; {@code retryAfterMs} says when there is room. */
  RATE_LIMITED(Retry.LATER),
  /** This connection waits for as many answers as it may. */
  TOO_MANY_REQUESTS(Retry.LATER),
  /** This connection is subscribed to as many topics as it may be. */
  TOO_MANY_TOPICS(Retry.NEVER),
  /** This user or address has as many connections as it may have, or new ones come too fast. */
  TOO_MANY_CONNECTIONS(Retry.LATER),
  /** The request, or one of its parts, is over its limit of size. */
  TOO_LARGE(Retry.NEVER),
  /** A service or a store cannot be reached; whether a command was carried out is not known. */
  UNAVAILABLE(Retry.LATER),
  /** No answer came in time; whether a command was carried out is not known. */
  TIMEOUT(Retry.LATER),
  /** Something of ours is broken; the log of the node knows more. */
  INTERNAL(Retry.NEVER);

  private final String wire = name().toLowerCase(Locale.ROOT).replace('_', '-');
  private final Retry retry;

  ErrorCode(Retry retry) {
    this.retry = retry;
  }

  /** The code as frames and problem documents carry it, which is its label in metrics too. */
  public String wire() {
    return wire;
  }

  public Retry retry() {
    return retry;
  }

  /** Empty for a code of a service, or one from a newer gateway. */
  public static Optional<ErrorCode> fromWire(String wire) {
    return Arrays.stream(values()).filter(code -> code.wire.equals(wire)).findFirst();
  }
}
