package io.madang.gateway.edge.signalr.negotiation;

import java.security.SecureRandom;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** By which one life of a gateway knows the tokens that it gave out. Never printed, and told nobody. */
public final class HubKey {
  static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 32;

  private final SecretKey key;

  private HubKey(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  public static HubKey random(SecureRandom random) {
    byte[] key = new byte[BYTES];
    random.nextBytes(key);
    return new HubKey(key);
  }

  SecretKey key() {
    return key;
  }
}
