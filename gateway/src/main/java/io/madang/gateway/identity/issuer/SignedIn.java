package io.madang.gateway.identity.issuer;

import io.madang.gateway.identity.Principal;
import io.madang.runtime.config.Secret;
import java.time.Instant;

/**
 * The answer to a sign-in or a refresh.
 *
 * @param accessToken good until the principal expires
 * @param refreshToken brings the next answer, once
 * @param signedInUntil when the refresh token stops to count
 */
public record SignedIn(
    Secret accessToken, Secret refreshToken, Principal principal, Instant signedInUntil) {}
