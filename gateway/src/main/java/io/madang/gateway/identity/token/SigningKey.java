package io.madang.gateway.identity.token;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.HexFormat;

/**
 * One key pair on P-256 that access tokens are signed with. Immutable; prints its id only.
 *
 * @param kid names the key in a token's header
 * @param signsFrom from then on it signs, until a younger key's time has come; it verifies as long as it is known
 */
public record SigningKey(
    String kid, ECPublicKey publicKey, ECPrivateKey privateKey, Instant signsFrom) {
  private static final String CURVE = "secp256r1";

  /** Makes a new pair. A millisecond of work or so. */
  public static SigningKey generate(Instant signsFrom, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE), random);
      KeyPair pair = generator.generateKeyPair();
      byte[] kid = new byte[8];
      random.nextBytes(kid);
      return new SigningKey(
          HexFormat.of().formatHex(kid),
          (ECPublicKey) pair.getPublic(),
          (ECPrivateKey) pair.getPrivate(),
          signsFrom);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no P-256", e);
    }
  }

  /**
   * Reads a stored pair.
   *
   * @param publicKey X.509 encoding
   * @param privateKey PKCS #8 encoding
   * @throws IllegalArgumentException when it is not a pair of elliptic curve keys
   */
  public static SigningKey of(String kid, byte[] publicKey, byte[] privateKey, Instant signsFrom) {
    try {
      KeyFactory factory = KeyFactory.getInstance("EC");
      return new SigningKey(
          kid,
          (ECPublicKey) factory.generatePublic(new X509EncodedKeySpec(publicKey)),
          (ECPrivateKey) factory.generatePrivate(new PKCS8EncodedKeySpec(privateKey)),
          signsFrom);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("signing key " + kid + " cannot be read", e);
    }
  }

  @Override
  public String toString() {
    return "key " + kid + " from " + signsFrom;
  }
}
