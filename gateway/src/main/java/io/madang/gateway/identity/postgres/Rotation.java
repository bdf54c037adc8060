package io.madang.gateway.identity.postgres;

import java.util.Set;

/**
 * What became of a refresh token that was shown.
 *
 * @param session the sign-in it belongs to; this and what follows is null when the outcome is {@link Outcome#UNKNOWN}
 */
public record Rotation(
    Outcome outcome, String session, String userId, String name, Set<String> roles, boolean guest) {
  /** Lower case, these are the words of the database function. */
  public enum Outcome {
    /** It is spent, and the next one counts. */
    ROTATED,
    UNKNOWN,
    EXPIRED,
    /** It was spent before: one of two holders is a thief, so the sign-in has been ended. */
    REUSED
  }
}
