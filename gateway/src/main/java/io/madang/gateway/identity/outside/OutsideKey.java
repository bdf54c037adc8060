package io.madang.gateway.identity.outside;

import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One key and the one algorithm it may verify by: a key of one kind is never tried as a key of another, whatever a token says.
 *
 * @param kid names it in a token's header; absent when the issuer gives it no name
 * @param algorithm as in a token's header
 * @param jwk with that algorithm and no other
 */
record OutsideKey(Optional<String> kid, String algorithm, JsonObject jwk) {
  private static final int MIN_RSA_BITS = 2_048;

  /** Larger ones cost more than a token is worth. */
  private static final int MAX_RSA_BITS = 8_192;

  private static final List<String> RSA = List.of("RS256", "RS384", "RS512");
  private static final Map<String, String> CURVES =
      Map.of("P-256", "ES256", "P-384", "ES384", "P-521", "ES512");
  private static final Map<String, Integer> MAC_BYTES =
      Map.of("HS256", 32, "HS384", 48, "HS512", 64);

  /**
   * What a key of a set is good for; none when it is of no use here.
   *
   * @param secret whether nobody but the operator has seen it, so that it may be a shared one
   */
  static List<OutsideKey> of(JsonObject jwk, boolean secret) {
    try {
      Object use = jwk.getValue("use");
      if (use != null && !use.equals("sig")) {
        return List.of();
      }
      String type = jwk.getString("kty", "");
      return switch (type) {
        case "RSA" -> isRightSize(jwk) ? named(jwk, RSA) : List.of();
        case "EC" ->
          named(
              jwk,
              Optional.ofNullable(CURVES.get(jwk.getString("crv"))).stream().toList());
        case "oct" -> secret ? named(jwk, fittingMacs(jwk)) : List.of();
        default -> List.of();
      };
    } catch (ClassCastException | IllegalArgumentException e) {
      // Not a key as RFC 7517 writes one.
      return List.of();
    }
  }

  private static List<OutsideKey> named(JsonObject jwk, List<String> algorithms) {
    Optional<String> kid = Optional.ofNullable(jwk.getString("kid"));
    String only = jwk.getString("alg");
    return algorithms.stream()
        .filter(algorithm -> only == null || only.equals(algorithm))
        .map(algorithm ->
            new OutsideKey(kid, algorithm, jwk.copy().put("alg", algorithm).put("use", "sig")))
        .toList();
  }

  private static boolean isRightSize(JsonObject jwk) {
    int bits = new BigInteger(1, Base64.getUrlDecoder().decode(jwk.getString("n", ""))).bitLength();
    return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS;
  }

  private static List<String> fittingMacs(JsonObject jwk) {
    int bytes = Base64.getUrlDecoder().decode(jwk.getString("k", "")).length;
    return MAC_BYTES.entrySet().stream()
        .filter(mac -> mac.getValue() <= bytes)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Not the key, which may be a secret. */
  @Override
  public String toString() {
    return algorithm + " key " + kid.orElse("without a name");
  }
}
