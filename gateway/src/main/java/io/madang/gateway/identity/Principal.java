package io.madang.gateway.identity;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/**
 * Someone the gateway has verified.
 *
 * @param userId stable for the life of the account; a form that no name can take
 * @param name as it is shown; may differ in case and width from what was typed
 * @param roles claims such as {@code admin} or {@code moderator}; policies read them
 * @param guest true when no password stands behind the name
 * @param expiresAt a connection must be refreshed before, or end then
 * @param session what a logout ends; one per sign-in
 * @param issuedAt when the token was made, which is what a revocation is compared with; the epoch when it does not say so
 */
public record Principal(
    String userId,
    String name,
    Set<String> roles,
    boolean guest,
    Instant expiresAt,
    String session,
    Instant issuedAt) {
  public Principal {
    Objects.requireNonNull(userId, "userId");
    Objects.requireNonNull(name, "name");
    roles = Set.copyOf(roles);
    Objects.requireNonNull(expiresAt, "expiresAt");
    Objects.requireNonNull(session, "session");
    Objects.requireNonNull(issuedAt, "issuedAt");
  }
}
