package io.madang.gateway.identity.outside;

import io.madang.runtime.config.Secret;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the keys of an issuer, in the forms in which they are told. */
final class OutsideKeys {
  /** A set of more keys is cut: each is tried for a token that names none. */
  static final int MAX_KEYS = 64;

  private static final Pattern PEM = Pattern.compile(
      "-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s\\\\n]+)-----END PUBLIC KEY-----");
  private static final Map<Integer, String> CURVES =
      Map.of(256, "P-256", 384, "P-384", 521, "P-521");

  private OutsideKeys() {}

  /** Of a set that everybody may read: a shared secret in it is none, and is left out. */
  static List<OutsideKey> ofSet(String text) {
    return ofJson(parse(text), false);
  }

  /**
   * Of what an operator set.
   *
   * @throws IllegalArgumentException when it is in none of the forms
   */
  static List<OutsideKey> ofSetting(Secret setting) {
    String text = setting.value().strip();
    return text.startsWith("{") ? ofJson(parse(text), true) : ofPem(text);
  }

  private static JsonObject parse(String text) {
    try {
      return new JsonObject(text);
    } catch (DecodeException e) {
      throw new IllegalArgumentException("no JSON object", e);
    }
  }

  private static List<OutsideKey> ofJson(JsonObject json, boolean secret) {
    if (!json.containsKey("keys")) {
      return OutsideKey.of(json, secret);
    }
    if (!(json.getValue("keys") instanceof JsonArray set)) {
      throw new IllegalArgumentException("no JWK set");
    }
    return set.stream()
        .filter(JsonObject.class::isInstance)
        .limit(MAX_KEYS)
        .flatMap(key -> OutsideKey.of((JsonObject) key, secret).stream())
        .toList();
  }

  private static List<OutsideKey> ofPem(String text) {
    List<OutsideKey> keys = new ArrayList<>();
    Matcher found = PEM.matcher(text);
    while (found.find()) {
      // Files of settings often carry line ends as two characters.
      String base64 = found.group(1).replace("\\n", "").replaceAll("\\s", "");
      keys.addAll(OutsideKey.of(jwk(Base64.getDecoder().decode(base64)), true));
    }
    if (keys.isEmpty() && !text.contains("BEGIN PUBLIC KEY")) {
      throw new IllegalArgumentException("no public key as PEM");
    }
    return keys;
  }

  /** Empty for a key of a type that we do not take. */
  private static JsonObject jwk(byte[] x509) {
    X509EncodedKeySpec encoded = new X509EncodedKeySpec(x509);
    try {
      return jwk((RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(encoded));
    } catch (GeneralSecurityException notRsa) {
      try {
        return jwk((ECPublicKey) KeyFactory.getInstance("EC").generatePublic(encoded));
      } catch (GeneralSecurityException notEc) {
        return new JsonObject();
      }
    }
  }

  private static JsonObject jwk(RSAPublicKey key) {
    return new JsonObject()
        .put("kty", "RSA")
        .put("n", number(key.getModulus(), 0))
        .put("e", number(key.getPublicExponent(), 0));
  }

  private static JsonObject jwk(ECPublicKey key) {
    int bits = key.getParams().getCurve().getField().getFieldSize();
    int bytes = (bits + 7) / 8;
    return new JsonObject()
        .put("kty", "EC")
        .put("crv", CURVES.getOrDefault(bits, "unknown"))
        .put("x", number(key.getW().getAffineX(), bytes))
        .put("y", number(key.getW().getAffineY(), bytes));
  }

  /** Big-endian without sign, zeros before it up to so many bytes. */
  private static String number(BigInteger value, int bytes) {
    byte[] signed = value.toByteArray();
    int from = signed.length > 1 && signed[0] == 0 ? 1 : 0;
    byte[] plain = Arrays.copyOfRange(signed, from, signed.length);
    byte[] padded = new byte[Math.max(bytes, plain.length)];
    System.arraycopy(plain, 0, padded, padded.length - plain.length, plain.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(padded);
  }
}
