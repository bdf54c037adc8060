package io.madang.gateway.identity.password;

import io.madang.gateway.identity.account.Password;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * One stored password: Argon2id with its own cost and salt, in the encoding that every Argon2 library reads ({@code
 * $argon2id$v=19$m=…,t=…,p=…$salt$hash}). Blocking: some tens of milliseconds and {@link Cost#memoryKib} of heap per call.
 */
public final class Argon2Hash {
  /** How hard a hash is to compute; stored with each, so that it can be raised. */
  public record Cost(int memoryKib, int passes, int lanes) {}

  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  private static final Pattern ENCODED = Pattern.compile(
      "\\$argon2id\\$v=19\\$m=(\\d{1,9}),t=(\\d{1,9}),p=(\\d{1,9})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

  private final Cost cost;
  private final byte[] salt;
  private final byte[] hash;

  private Argon2Hash(Cost cost, byte[] salt, byte[] hash) {
    this.cost = cost;
    this.salt = salt;
    this.hash = hash;
  }

  /** Hashes a password with a fresh salt. */
  public static Argon2Hash of(Password password, Cost cost, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new Argon2Hash(cost, salt, compute(password, cost, salt, HASH_BYTES));
  }

  /**
   * A hash that no password has, of the same cost: verifying against it takes as long as against a real one, so that an
   * unknown name answers no sooner than a wrong password.
   */
  public static Argon2Hash ofNobody(Cost cost, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    byte[] hash = new byte[HASH_BYTES];
    random.nextBytes(salt);
    random.nextBytes(hash);
    return new Argon2Hash(cost, salt, hash);
  }

  /**
   * Reads what {@link #encoded} wrote.
   *
   * @throws IllegalArgumentException when it is something else; the text is not repeated
   */
  public static Argon2Hash parse(String encoded) {
    Matcher matcher = ENCODED.matcher(encoded);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("a stored password is not an encoded Argon2id hash");
    }
    Cost cost = new Cost(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
    Base64.Decoder decoder = Base64.getDecoder();
    return new Argon2Hash(cost, decoder.decode(matcher.group(4)), decoder.decode(matcher.group(5)));
  }

  public boolean verify(Password password) {
    return MessageDigest.isEqual(hash, compute(password, cost, salt, hash.length));
  }

  public Cost cost() {
    return cost;
  }

  public String encoded() {
    Base64.Encoder encoder = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m="
        + cost.memoryKib
        + ",t="
        + cost.passes
        + ",p="
        + cost.lanes
        + "$"
        + encoder.encodeToString(salt)
        + "$"
        + encoder.encodeToString(hash);
  }

  private static byte[] compute(Password password, Cost cost, byte[] salt, int length) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
        .withMemoryAsKB(cost.memoryKib)
        .withIterations(cost.passes)
        .withParallelism(cost.lanes)
        .withSalt(salt)
        .build());
    byte[] result = new byte[length];
    generator.generateBytes(password.bytes(), result);
    return result;
  }

  /** The cost only: a hash is not for logs. */
  @Override
  public String toString() {
    return "argon2id " + cost;
  }
}
