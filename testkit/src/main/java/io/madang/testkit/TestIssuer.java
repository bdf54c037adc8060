package io.madang.testkit;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An issuer of tokens that is not ours: shows its public keys on a port of this machine, and signs what a test wants. */
public final class TestIssuer implements AutoCloseable {
  public static final String AUDIENCE = "madang-tests";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile int status = 200;
  private volatile String body = "{\"keys\":[]}";

  /** One key pair and its name. */
  public record IssuerKey(String kid, KeyPair pair) {
    public static IssuerKey rsa(String kid, int bits) {
      return make(kid, "RSA", generator -> generator.initialize(bits));
    }

    public static IssuerKey ec(String kid) {
      return make(
          kid, "EC", generator -> generator.initialize(new ECGenParameterSpec("secp256r1")));
    }

    private interface Setup {
      void on(KeyPairGenerator generator) throws GeneralSecurityException;
    }

    private static IssuerKey make(String kid, String type, Setup setup) {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
        setup.on(generator);
        return new IssuerKey(kid, generator.generateKeyPair());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    /** The public key as a member of a set. */
    public String jwk() {
      if (pair.getPublic() instanceof RSAPublicKey rsa) {
        return "{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}"
            .formatted(kid, number(rsa.getModulus(), 0), number(rsa.getPublicExponent(), 0));
      }
      ECPublicKey ec = (ECPublicKey) pair.getPublic();
      return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}"
          .formatted(kid, number(ec.getW().getAffineX(), 32), number(ec.getW().getAffineY(), 32));
    }

    public String pem() {
      return "-----BEGIN PUBLIC KEY-----\n"
          + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
          + "\n-----END PUBLIC KEY-----\n";
    }

    /** A token with these claims, signed by the algorithm that fits the key. */
    public String sign(String claims) {
      boolean isRsa = pair.getPublic() instanceof RSAPublicKey;
      String header = "{\"typ\":\"JWT\",\"alg\":\"%s\",\"kid\":\"%s\"}"
          .formatted(isRsa ? "RS256" : "ES256", kid);
      String signed = encode(header) + "." + encode(claims);
      return signed + "."
          + signature(
              isRsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format", pair.getPrivate(), signed);
    }
  }

  public TestIssuer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/keys", exchange -> {
      fetches.incrementAndGet();
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    });
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
  }

  /** Shows these keys and no others from now on. */
  public void show(IssuerKey... keys) {
    answer(
        200,
        "{\"keys\":[" + String.join(",", Arrays.stream(keys).map(IssuerKey::jwk).toList()) + "]}");
  }

  public void answer(int newStatus, String newBody) {
    status = newStatus;
    body = newBody;
  }

  /** How often somebody asked for the keys. */
  public int fetches() {
    return fetches.get();
  }

  /** The claims of somebody, good for an hour from now. */
  public String claims(String user, String... roles) {
    return claims(user, AUDIENCE, Instant.now().plusSeconds(3_600), roles);
  }

  public String claims(String user, String audience, Instant ends, String... roles) {
    String list =
        String.join(",", List.of(roles).stream().map(role -> '"' + role + '"').toList());
    return "{\"iss\":\"%s\",\"aud\":[\"%s\",\"others\"],\"sub\":\"%s\",\"name\":\"%s\",\"roles\":[%s],\"iat\":%d,\"exp\":%d,\"sid\":\"sid-%s\"}"
        .formatted(
            address(),
            audience,
            user,
            user,
            list,
            ends.getEpochSecond() - 3_600,
            ends.getEpochSecond(),
            user);
  }

  /** A token that says it is not signed. */
  public static String unsigned(String claims) {
    return encode("{\"typ\":\"JWT\",\"alg\":\"none\"}") + "." + encode(claims) + ".";
  }

  /** A token signed with a shared secret; given a public key's bytes, what an attacker would make of it. */
  public static String mac(String kid, byte[] secret, String claims) {
    String signed = encode("{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"%s\"}".formatted(kid))
        + "." + encode(claims);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return signed + "."
          + Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String signature(String algorithm, PrivateKey key, String signed) {
    try {
      Signature engine = Signature.getInstance(algorithm);
      engine.initSign(key);
      engine.update(signed.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(engine.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String number(BigInteger value, int bytes) {
    byte[] signed = value.toByteArray();
    int from = signed.length > 1 && signed[0] == 0 ? 1 : 0;
    byte[] plain = Arrays.copyOfRange(signed, from, signed.length);
    byte[] padded = new byte[Math.max(bytes, plain.length)];
    System.arraycopy(plain, 0, padded, padded.length - plain.length, plain.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(padded);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
