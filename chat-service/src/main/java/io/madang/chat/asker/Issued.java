package io.madang.chat.asker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * A command's id as the store keeps it.
 *
 * @param id the client's, told with what it caused
 * @param key user and id in one, so that users do not meet in each other's ids
 * @param hash of name and arguments, so that an id is not used for something else
 */
public record Issued(String id, UUID key, long hash) {
  /** Longer ids are refused. */
  public static final int MAX_ID_CHARS = 128;

  /**
   * Makes the key.
   *
   * @param arguments the command as text, without secrets
   * @throws IllegalArgumentException with a sentence fit for the client when the id cannot be kept
   */
  public static Issued of(String user, String id, String arguments) {
    if (id.isEmpty() || id.length() > MAX_ID_CHARS || !id.chars().allMatch(Issued::isPlain)) {
      throw new IllegalArgumentException(
          "a command's id has 1 to " + MAX_ID_CHARS + " visible ASCII characters");
    }
    ByteBuffer key = ByteBuffer.wrap(sha256(user + '\n' + id));
    long hash = ByteBuffer.wrap(sha256(arguments)).getLong();
    return new Issued(id, new UUID(key.getLong(), key.getLong()), hash);
  }

  private static boolean isPlain(int character) {
    return character > ' ' && character < 127;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
