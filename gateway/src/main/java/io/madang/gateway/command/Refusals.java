package io.madang.gateway.command;

import io.madang.gateway.identity.AuthenticationException;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.code.Retry;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.topic.Payload;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why something failed, in the one form clients are told it. */
public final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final Duration FAULT_RETRY = Duration.ofSeconds(1);

  private Refusals() {}

  /** A service said no: its own code and words. */
  public static Failure failure(Refusal refusal) {
    return new Failure(
        refusal.code(),
        refusal.message(),
        refusal.retryAfterMs().isPresent() ? Retry.LATER : Retry.NEVER,
        refusal.retryAfterMs().orElse(0L),
        refusal.details().equals(Payload.EMPTY_OBJECT)
            ? Optional.empty()
            : Optional.of(RawJson.trusted(refusal.details().utf8())));
  }

  /** Something went wrong on our side, or with a credential; nothing of the cause leaks. */
  public static Failure failure(Throwable cause) {
    if (cause instanceof AuthenticationException refused) {
      return failure(refused);
    }
    if (cause instanceof ServiceUnavailableException) {
      LOG.debug("A request is answered with unavailable: {}", cause.getMessage());
      return Failure.of(
              ErrorCode.UNAVAILABLE,
              "The service cannot be reached; whether it was done is not known.")
          .after(FAULT_RETRY);
    }
    LOG.error("A request is answered with internal", cause);
    return Failure.of(ErrorCode.INTERNAL, "Something is wrong on our side.");
  }

  private static Failure failure(AuthenticationException refused) {
    boolean later = refused.reason() == AuthenticationException.Reason.UNAVAILABLE;
    return new Failure(
        refused.reason().code(),
        refused.getMessage(),
        later ? Retry.LATER : Retry.NEVER,
        refused.retryAfter().toMillis(),
        Optional.empty());
  }
}
