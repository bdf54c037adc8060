package io.madang.gateway.identity.token;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.spec.ECPoint;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;

/**
 * Signs and verifies access tokens with the keys known at one moment. New keys make a new object.
 *
 * <p>One algorithm, ES256, whatever a token's header asks for; so a token without signature or one signed with a public
 * key as a password is no case of its own. One thread only.
 */
public final class AccessTokens {
  /** Ours have some 500; longer ones are not decoded at all. */
  public static final int MAX_CHARS = 4096;

  /** Two numbers of 32 bytes, in the encoding that JOSE prescribes. */
  private static final String SIGNATURE = "SHA256withECDSAinP1363Format";

  private static final int NUMBER_BYTES = 32;

  private final List<SigningKey> youngestFirst;
  private final Map<String, Verifier> verifiers = new HashMap<>();

  /** Throws IllegalArgumentException without keys: nothing could be signed, and "no key" must never mean "no check". */
  public AccessTokens(Collection<SigningKey> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("at least one signing key is needed");
    }
    youngestFirst = keys.stream()
        .sorted(Comparator.comparing(SigningKey::signsFrom).reversed())
        .toList();
    for (SigningKey key : youngestFirst) {
      verifiers.put(key.kid(), new Verifier(key));
    }
  }

  /** A signed token with these claims, by the youngest key whose time has come. */
  public String sign(Claims claims, Instant now) {
    SigningKey key = signer(now);
    String signed =
        encode(ClaimsJson.writeHeader(key.kid())) + "." + encode(ClaimsJson.writeClaims(claims));
    try {
      Signature engine = Signature.getInstance(SIGNATURE);
      engine.initSign(key.privateKey());
      engine.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + encode(engine.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing key " + key.kid() + " does not sign", e);
    }
  }

  private SigningKey signer(Instant now) {
    Optional<SigningKey> due =
        youngestFirst.stream().filter(key -> !key.signsFrom().isAfter(now)).findFirst();
    // With clocks apart, the first key of all may seem to begin a moment from now.
    return due.orElse(youngestFirst.get(youngestFirst.size() - 1));
  }

  public boolean knows(String kid) {
    return verifiers.containsKey(kid);
  }

  /** The key a token says it was signed with; nothing about it is verified yet. */
  public static String kidOf(String token) throws BadTokenException {
    return ClaimsJson.readKid(decode(Parts.of(token).header));
  }

  /**
   * The claims of a token whose signature is right. Whether it is for us, and still good, is the caller's to check.
   *
   * @throws BadTokenException in every other case; also for a key that is not {@link #knows known}
   */
  public Claims verify(String token) throws BadTokenException {
    Parts parts = Parts.of(token);
    Verifier verifier = verifiers.get(ClaimsJson.readKid(decode(parts.header)));
    if (verifier == null) {
      throw new BadTokenException("its key is unknown");
    }
    verifier.verify(parts.signed, decode(parts.signature));
    return ClaimsJson.readClaims(decode(parts.payload));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] decode(String part) throws BadTokenException {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(part);
    } catch (IllegalArgumentException e) {
      throw new BadTokenException("a part is not base64url");
    }
    // The JDK forgives padding and stray bits; a token has one spelling.
    if (!encode(bytes).equals(part)) {
      throw new BadTokenException("a part is not base64url as it is written");
    }
    return bytes;
  }

  /** A token cut at its dots; {@code signed} is what the signature is over. */
  private record Parts(String header, String payload, String signature, String signed) {
    static Parts of(String token) throws BadTokenException {
      if (token.length() > MAX_CHARS) {
        throw new BadTokenException("it is too long");
      }
      int first = token.indexOf('.');
      int last = token.lastIndexOf('.');
      if (first < 1
          || last <= first + 1
          || last == token.length() - 1
          || token.indexOf('.', first + 1) != last) {
        throw new BadTokenException("it does not have three parts");
      }
      return new Parts(
          token.substring(0, first),
          token.substring(first + 1, last),
          token.substring(last + 1),
          token.substring(0, last));
    }
  }

  /**
   * One key, ready to verify. Not by the JDK, whose arithmetic guards secrets that a verifier does not have: this one takes
   * a twelfth of its time, which is what a crowd of reconnecting clients waits for.
   */
  private static final class Verifier {
    private static final ECDomainParameters P256 =
        new ECDomainParameters(CustomNamedCurves.getByName("secp256r1"));

    private final ECDSASigner engine = new ECDSASigner();

    Verifier(SigningKey key) {
      ECPoint point = key.publicKey().getW();
      // Refuses a point that is not on the curve.
      engine.init(
          false,
          new ECPublicKeyParameters(
              P256.getCurve().createPoint(point.getAffineX(), point.getAffineY()), P256));
    }

    void verify(String signed, byte[] signature) throws BadTokenException {
      if (signature.length != 2 * NUMBER_BYTES) {
        throw new BadTokenException("its signature is not a pair of numbers");
      }
      BigInteger r = number(signature, 0);
      BigInteger s = number(signature, NUMBER_BYTES);
      // The engine checks that both are from 1 to the order of the curve: zeros would sign
      // anything.
      if (!engine.verifySignature(sha256(signed), r, s)) {
        throw new BadTokenException("its signature is wrong");
      }
    }

    private static BigInteger number(byte[] signature, int from) {
      return new BigInteger(1, Arrays.copyOfRange(signature, from, from + NUMBER_BYTES));
    }

    private static byte[] sha256(String signed) {
      try {
        return MessageDigest.getInstance("SHA-256")
            .digest(signed.getBytes(StandardCharsets.US_ASCII));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JVM has SHA-256", e);
      }
    }
  }
}
