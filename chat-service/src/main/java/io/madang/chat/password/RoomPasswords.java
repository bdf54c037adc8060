package io.madang.chat.password;

import io.madang.contracts.chat.RoomPassword;
import io.madang.runtime.store.StoreUnavailableException;
import io.madang.runtime.store.StoreUnavailableException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.concurrent.Callable;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Makes and checks verifiers {@code pbkdf2-sha256$iterations$salt$hash}. Two at a time, a bounded number waits; the rest is
 * told to come back.
 */
public final class RoomPasswords {
  private static final String SCHEME = "pbkdf2-sha256";
  private static final int ITERATIONS = 100_000;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BITS = 256;
  private static final int WORKERS = 2;
  private static final int MAX_WAITING = 64;

  private final WorkerExecutor workers;
  private final SecureRandom random = new SecureRandom();

  /** Checks and makings not yet answered; on the service's event loop. */
  private int waiting;

  public RoomPasswords(Vertx vertx) {
    this.workers = vertx.createSharedWorkerExecutor("room-passwords", WORKERS);
  }

  /** What a password is checked against from now on. */
  public Future<String> verifier(RoomPassword password) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return work(() -> {
      Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
      byte[] hash = hash(password, salt, ITERATIONS);
      return String.join(
          "$",
          SCHEME,
          String.valueOf(ITERATIONS),
          base64.encodeToString(salt),
          base64.encodeToString(hash));
    });
  }

  /** Whether {@code verifier} was made of this password; takes the same time wherever they differ. */
  public Future<Boolean> matches(RoomPassword password, String verifier) {
    String[] parts = verifier.split("\\$", -1);
    if (parts.length != 4 || !parts[0].equals(SCHEME)) {
      return Future.failedFuture("a room's verifier is of an unknown scheme");
    }
    byte[] salt = Base64.getDecoder().decode(parts[2]);
    byte[] expected = Base64.getDecoder().decode(parts[3]);
    int iterations = Integer.parseInt(parts[1]);
    return work(() -> MessageDigest.isEqual(expected, hash(password, salt, iterations)));
  }

  private <T> Future<T> work(Callable<T> callable) {
    if (waiting >= MAX_WAITING) {
      return Future.failedFuture(
          new StoreUnavailableException(Reason.BUSY, "too many passwords are being checked", null));
    }
    waiting++;
    return workers.executeBlocking(callable, false).onComplete(done -> waiting--);
  }

  private static byte[] hash(RoomPassword password, byte[] salt, int iterations)
      throws GeneralSecurityException {
    // One password typed in two forms of Unicode is one password.
    char[] typed = Normalizer.normalize(password.value(), Normalizer.Form.NFC).toCharArray();
    PBEKeySpec key = new PBEKeySpec(typed, salt, iterations, HASH_BITS);
    return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
        .generateSecret(key)
        .getEncoded();
  }

  public Future<?> close() {
    return workers.close();
  }
}
