package io.madang.dashboard.processing;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** How many bytes came, and what they hash to. */
public final class Digest {
  private final MessageDigest sha256 = sha256();
  private long bytes;

  void add(byte[] more) {
    sha256.update(more);
    bytes += more.length;
  }

  long bytes() {
    return bytes;
  }

  /** The hash of all that came; to be asked once. */
  String hex() {
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** The hash of these bytes. */
  public static String hex(byte[] all) {
    return HexFormat.of().formatHex(sha256().digest(all));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
