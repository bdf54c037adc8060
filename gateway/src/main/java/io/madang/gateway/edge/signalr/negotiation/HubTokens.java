package io.madang.gateway.edge.signalr.negotiation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;

/**
 * Names of hub connections and the tokens that prove them: a token says the connection's id, the gateway and the event loop where
 * it lives, and has a MAC over that by a key that only this life of that gateway has. So anybody can read where it leads, and only
 * its home whether it is true. For one event loop.
 */
public final class HubTokens {
  private static final int ID_BYTES = 16;
  private static final int MAC_BYTES = 16;
  private static final int MAX_CHARS = 512;

  private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();

  private final byte[] node;
  private final int loop;
  private final Mac mac;
  private final SecureRandom random;

  /**
   * A token as it reads, which proves nothing yet.
   *
   * @param connection the id of the connection, which is public
   * @param loop the number of the event loop where it lives
   * @param node the gateway where it lives, in one life of it
   */
  public record Read(String connection, int loop, String node) {}

  /**
   * @param node this gateway's id
   * @param loop this loop's number, below 65,536
   */
  public HubTokens(String node, int loop, HubKey key, SecureRandom random) {
    this.node = node.getBytes(StandardCharsets.UTF_8);
    this.loop = loop;
    this.random = random;
    try {
      this.mac = Mac.getInstance(HubKey.ALGORITHM);
      this.mac.init(key.key());
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java has " + HubKey.ALGORITHM, e);
    }
  }

  /** A name that no other connection has. */
  public String newConnection() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return TO_TEXT.encodeToString(id);
  }

  /** What proves the connection, for a query: it has no character that must be escaped. */
  public String token(String connection) {
    return TO_TEXT.encodeToString(bytes(Base64.getUrlDecoder().decode(connection)));
  }

  private byte[] bytes(byte[] id) {
    return ByteBuffer.allocate(ID_BYTES + MAC_BYTES + 2 + node.length)
        .put(id)
        .put(mac(id))
        .putShort((short) loop)
        .put(node)
        .array();
  }

  private byte[] mac(byte[] id) {
    mac.update(id);
    mac.update((byte) (loop >> 8));
    mac.update((byte) loop);
    return Arrays.copyOf(mac.doFinal(node), MAC_BYTES);
  }

  /** Which connection the token proves; empty when it proves none of this loop. */
  public Optional<String> proven(String token) {
    return bytes(token)
        .filter(shown -> MessageDigest.isEqual(bytes(Arrays.copyOf(shown, ID_BYTES)), shown))
        .map(shown -> TO_TEXT.encodeToString(Arrays.copyOf(shown, ID_BYTES)));
  }

  /** What the token says; empty when it is none. */
  public static Optional<Read> read(String token) {
    return bytes(token).map(bytes -> {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      byte[] id = new byte[ID_BYTES];
      rest.get(id).position(ID_BYTES + MAC_BYTES);
      int loop = rest.getShort() & 0xFFFF;
      return new Read(
          TO_TEXT.encodeToString(id), loop, StandardCharsets.UTF_8.decode(rest).toString());
    });
  }

  /** On which of a gateway's loops the connection lives; 0 for what is no token. */
  public static int loopOf(String token) {
    return read(token).map(Read::loop).orElse(0);
  }

  private static Optional<byte[]> bytes(String token) {
    if (token.length() > MAX_CHARS) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(token);
      return bytes.length > ID_BYTES + MAC_BYTES + 2 ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
