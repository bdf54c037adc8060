package io.madang.gateway.identity.outside;

import io.madang.gateway.identity.token.BadTokenException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Whether a token is signed by one of some keys. Each key verifies by itself and by its own algorithm, so what a token's header
 * asks for chooses among them and changes none. One thread only.
 */
final class OutsideSignatures {
  private record Verifier(OutsideKey key, JWTAuth auth) {}

  private final List<Verifier> verifiers = new ArrayList<>();

  OutsideSignatures(Vertx vertx, List<OutsideKey> keys) {
    for (OutsideKey key : keys) {
      // One that knows no key would take a token without signature; so each is given just one.
      JWTAuthOptions one = new JWTAuthOptions()
          .addJwk(key.jwk())
          // Times are judged by our own clock, with the claims.
          .setJWTOptions(new JWTOptions().setIgnoreExpiration(true));
      verifiers.add(new Verifier(key, JWTAuth.create(vertx, one)));
    }
  }

  /** Whether there is a key that may have signed it; if not, there may be a new one. */
  boolean mayKnow(OutsideToken token) {
    return verifiers.stream().anyMatch(verifier -> fits(verifier.key(), token));
  }

  private static boolean fits(OutsideKey key, OutsideToken token) {
    return key.algorithm().equals(token.algorithm())
        && (token.kid().isEmpty() || key.kid().isEmpty() || key.kid().equals(token.kid()));
  }

  void verify(OutsideToken token) throws BadTokenException {
    TokenCredentials shown = new TokenCredentials(token.text());
    boolean known = false;
    for (Verifier verifier : verifiers) {
      if (fits(verifier.key(), token)) {
        known = true;
        if (isSigned(verifier, shown, token)) {
          return;
        }
      }
    }
    throw new BadTokenException(known ? "its signature is wrong" : "its key is unknown");
  }

  private static boolean isSigned(Verifier verifier, TokenCredentials shown, OutsideToken token) {
    try {
      Future<User> judged = verifier.auth().authenticate(shown);
      // What was verified must be what we read.
      return judged.succeeded()
          && Objects.equals(
              judged.result().attributes().getJsonObject("accessToken"), token.payload());
    } catch (RuntimeException e) {
      // Claims of a wrong type, such as a time that is a text, break the library.
      return false;
    }
  }
}
