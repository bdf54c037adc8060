package io.madang.runtime.bus;

import io.madang.runtime.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What nodes know each other by where others could reach the bus: a MAC over every message, by a secret that all of them have.
 * HMAC-SHA-256, of which the first {@value #MAC_BYTES} bytes are sent. Safe on any thread.
 */
public final class BusSeal {
  static final int MAC_BYTES = 16;

  private static final String ALGORITHM = "HmacSHA256";

  /** Keyed once and never fed: each message is signed by a copy. */
  private final Mac keyed;

  /**
   * @param secret {@code MADANG_CLUSTER_SECRET}
   * @param cluster its name; two meshes with one secret still do not take each other's messages
   */
  public BusSeal(Secret secret, String cluster) {
    // The secret may be used for other things, which must not be mistaken for this one.
    byte[] key = mac(secret.value().getBytes(StandardCharsets.UTF_8))
        .doFinal(("madang bus 1 " + cluster).getBytes(StandardCharsets.UTF_8));
    this.keyed = mac(key);
  }

  private static Mac mac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has " + ALGORITHM, e);
    }
  }

  /** Of a message to {@code target}: taken by no other node, nor by another incarnation of it. */
  public byte[] macOf(String target, byte[] message) {
    Mac mac;
    try {
      mac = (Mac) keyed.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the MAC of this JVM cannot be copied", e);
    }
    byte[] name = target.getBytes(StandardCharsets.UTF_8);
    // Its length, so that no part of it can become part of the message.
    mac.update((byte) (name.length >>> 8));
    mac.update((byte) name.length);
    mac.update(name);
    return Arrays.copyOf(mac.doFinal(message), MAC_BYTES);
  }

  /** Takes as long for a good beginning as for a bad one. */
  public boolean isRight(byte[] mac, String target, byte[] message) {
    return MessageDigest.isEqual(macOf(target, message), mac);
  }
}
