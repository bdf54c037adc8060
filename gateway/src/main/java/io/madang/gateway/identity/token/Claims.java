package io.madang.gateway.identity.token;

import java.time.Instant;
import java.util.Set;

/**
 * What an access token says; whole seconds.
 *
 * @param id {@code jti}, one per token
 * @param session {@code sid}, one per sign-in
 */
public record Claims(
    String subject,
    String name,
    Set<String> roles,
    boolean guest,
    String issuer,
    String audience,
    Instant issuedAt,
    Instant expiresAt,
    String id,
    String session) {
  public Claims {
    roles = Set.copyOf(roles);
  }
}
