package io.madang.gateway.identity.token;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The claims of tokens verified lately, so that a client which sends its token with every request pays for one signature,
 * not for each. Forgets the one longest unused when full. Found by hash, as the time a lookup takes must tell nothing of
 * the tokens inside. One thread only.
 */
public final class VerifiedTokens {
  private final Map<ByteBuffer, Claims> claims;

  public VerifiedTokens(int capacity) {
    this.claims = new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Claims> eldest) {
        return size() > capacity;
      }
    };
  }

  public Optional<Claims> find(String token) {
    return Optional.ofNullable(claims.get(key(token)));
  }

  public void keep(String token, Claims verified) {
    claims.put(key(token), verified);
  }

  /** When a key is gone, so must be what it vouched for. */
  public void clear() {
    claims.clear();
  }

  private static ByteBuffer key(String token) {
    try {
      return ByteBuffer.wrap(
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
