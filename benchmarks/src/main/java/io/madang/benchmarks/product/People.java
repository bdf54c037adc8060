package io.madang.benchmarks.product;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Users in bulk: access tokens signed with the key of the built-in issuer, as it would sign them for people who logged in. That
 * spares the run thousands of logins, whose password hashes would take minutes; gateways verify these tokens as any other.
 */
final class People {
  private static final Duration LIFE = Duration.ofHours(2);

  private final String keyId;
  private final PrivateKey key;

  private People(String keyId, PrivateKey key) {
    this.keyId = keyId;
    this.key = key;
  }

  /** With the key that the gateways of this database sign with. */
  static People of(Database database) throws GeneralSecurityException {
    Row row = database
        .query("select kid, private from identity.signing_key order by signs_from limit 1")
        .get(0);
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(row.getBuffer("private").getBytes());
    return new People(row.getString("kid"), KeyFactory.getInstance("EC").generatePrivate(spec));
  }

  /** Writes an id and a token in each line, as a generator reads them. */
  void write(Path file, int count) throws IOException {
    List<String> lines = IntStream.rangeClosed(1, count)
        .parallel()
        .mapToObj(number -> id(number) + " " + token(number))
        .toList();
    Files.write(file, lines);
  }

  private static String id(int number) {
    return "u_bench%06d".formatted(number);
  }

  private String token(int number) {
    long now = Instant.now().getEpochSecond();
    String header =
        new JsonObject().put("alg", "ES256").put("kid", keyId).put("typ", "JWT").encode();
    String claims = new JsonObject()
        .put("sub", id(number))
        .put("name", "bench-" + number)
        .put("roles", new JsonArray())
        .put("guest", false)
        .put("iss", "madang")
        .put("aud", "madang")
        .put("iat", now)
        .put("exp", now + LIFE.toSeconds())
        .put("jti", "t_bench" + number)
        .put("sid", "s_bench" + number)
        .encode();
    String signed = encoded(header.getBytes(StandardCharsets.UTF_8)) + "."
        + encoded(claims.getBytes(StandardCharsets.UTF_8));
    try {
      Signature engine = Signature.getInstance("SHA256withECDSAinP1363Format");
      engine.initSign(key);
      engine.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + encoded(engine.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the issuer's key does not sign", e);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
