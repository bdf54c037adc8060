package io.madang.gateway.identity.outside;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A token taken apart, to be put together wrongly. */
record TestIssuerParts(String header, String payload, String signature) {
  static TestIssuerParts of(String token) {
    String[] parts = token.split("\\.", -1);
    return new TestIssuerParts(parts[0], parts[1], parts[2]);
  }

  String withHeader(String json) {
    return Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(json.getBytes(StandardCharsets.UTF_8))
        + "." + payload + "." + signature;
  }

  String withPayload(String other) {
    return header + "." + other + "." + signature;
  }

  String withSignature(String other) {
    return header + "." + payload + "." + other;
  }
}
