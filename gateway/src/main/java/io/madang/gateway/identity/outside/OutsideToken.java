package io.madang.gateway.identity.outside;

import io.madang.gateway.identity.token.BadTokenException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Optional;

/**
 * A token taken apart, of which nothing is verified.
 *
 * @param algorithm as its header says
 * @param kid the key it says it was signed with
 * @param payload its claims
 */
record OutsideToken(String text, String algorithm, Optional<String> kid, JsonObject payload) {
  /** As many as a connect frame carries. */
  static final int MAX_CHARS = 16_384;

  static OutsideToken of(String text) throws BadTokenException {
    if (text.length() > MAX_CHARS) {
      throw new BadTokenException("it is too long");
    }
    String[] parts = text.split("\\.", -1);
    if (parts.length != 3) {
      throw new BadTokenException("it does not have three parts");
    }
    JsonObject header = json(parts[0]);
    // What must be understood and is not, and keys that a token brings along.
    for (String dangerous : new String[] {"crit", "jwk", "x5c", "jku", "x5u", "b64"}) {
      if (header.containsKey(dangerous)) {
        throw new BadTokenException("its header has " + dangerous);
      }
    }
    try {
      return new OutsideToken(
          text,
          Optional.ofNullable(header.getString("alg"))
              .orElseThrow(() -> new BadTokenException("its header names no algorithm")),
          Optional.ofNullable(header.getString("kid")),
          json(parts[1]));
    } catch (ClassCastException e) {
      throw new BadTokenException("its header is not one of a token");
    }
  }

  /** Who a token says issued it; empty when it does not say so in a way that can be read. */
  static Optional<String> issuerOf(String text) {
    try {
      return Optional.ofNullable(of(text).payload().getString("iss"));
    } catch (BadTokenException | ClassCastException e) {
      return Optional.empty();
    }
  }

  private static JsonObject json(String part) throws BadTokenException {
    try {
      return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(part)));
    } catch (IllegalArgumentException | DecodeException e) {
      throw new BadTokenException("a part is not JSON in base64url");
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
