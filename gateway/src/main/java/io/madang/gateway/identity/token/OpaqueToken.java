package io.madang.gateway.identity.token;

import io.madang.runtime.config.Secret;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * A random text that means nothing to its holder; we keep its hash only. A ticket is one secret; a refresh token is a
 * family, which stays for a whole sign-in, and a secret, which changes with each use.
 *
 * <p>Plain SHA-256 is enough: nobody can try all of 256 random bits.
 */
public final class OpaqueToken {
  private static final int FAMILY_BYTES = 16;
  private static final int SECRET_BYTES = 32;

  private final byte[] family;
  private final byte[] secret;

  private OpaqueToken(byte[] family, byte[] secret) {
    this.family = family;
    this.secret = secret;
  }

  public static OpaqueToken ticket(SecureRandom random) {
    return new OpaqueToken(new byte[0], randomBytes(random, SECRET_BYTES));
  }

  public static OpaqueToken refresh(SecureRandom random) {
    return new OpaqueToken(randomBytes(random, FAMILY_BYTES), randomBytes(random, SECRET_BYTES));
  }

  /** The next refresh token of the same sign-in. */
  public OpaqueToken next(SecureRandom random) {
    return new OpaqueToken(family, randomBytes(random, SECRET_BYTES));
  }

  /** Empty when the text has not the form of a ticket. */
  public static Optional<OpaqueToken> readTicket(Secret text) {
    return read(text, 0);
  }

  /** Empty when the text has not the form of a refresh token. */
  public static Optional<OpaqueToken> readRefresh(Secret text) {
    return read(text, FAMILY_BYTES);
  }

  private static Optional<OpaqueToken> read(Secret text, int familyBytes) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text.value());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length != familyBytes + SECRET_BYTES) {
      return Optional.empty();
    }
    return Optional.of(new OpaqueToken(
        Arrays.copyOfRange(bytes, 0, familyBytes),
        Arrays.copyOfRange(bytes, familyBytes, bytes.length)));
  }

  /** What its holder is told, once. */
  public Secret text() {
    byte[] bytes = Arrays.copyOf(family, family.length + secret.length);
    System.arraycopy(secret, 0, bytes, family.length, secret.length);
    return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  public byte[] familyHash() {
    return sha256(family);
  }

  public byte[] secretHash() {
    return sha256(secret);
  }

  private static byte[] randomBytes(SecureRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "***";
  }
}
