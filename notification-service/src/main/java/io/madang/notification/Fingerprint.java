package io.madang.notification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.madang.runtime.command.CommandCall;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;

/** By what two commands with one id are found to be the same: their name and arguments, whatever the order of members. */
final class Fingerprint {
  private static final ObjectMapper SORTED =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private Fingerprint() {}

  static Buffer of(CommandCall call) {
    try {
      JsonNode arguments = SORTED.readTree(call.arguments().utf8());
      byte[] canonical = SORTED.writeValueAsBytes(SORTED.convertValue(arguments, Map.class));
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(call.name().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return Buffer.buffer(digest.digest(canonical));
    } catch (IOException e) {
      throw new IllegalArgumentException("the arguments are not JSON", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
