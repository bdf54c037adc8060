package io.madang.runtime.command;

import io.madang.runtime.topic.Payload;
import java.util.Optional;

/**
 * The domain says no: a value, not an exception.
 *
 * @param code kebab-case, stable, for programs ({@code not-a-member})
 * @param message one sentence for the developer or user, without internals
 * @param retryAfterMs when asking again may help, in milliseconds; absent when it never helps
 * @param details a JSON object with figures a client can use (limits, names of arguments)
 */
public record Refusal(String code, String message, Optional<Long> retryAfterMs, Payload details) {

  public static Refusal of(String code, String message) {
    return new Refusal(code, message, Optional.empty(), Payload.EMPTY_OBJECT);
  }

  public static Refusal badRequest(String message) {
    return of("bad-request", message);
  }

  public static Refusal later(String code, String message, long retryAfterMs) {
    return new Refusal(code, message, Optional.of(retryAfterMs), Payload.EMPTY_OBJECT);
  }

  public Refusal withDetails(Payload details) {
    return new Refusal(code, message, retryAfterMs, details);
  }
}
