package io.madang.system;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * As {@link SharedMesh}, with what clients at hubs need and with times that are seconds: gateways ping each second, and tokens of
 * {@link #SHORT_LIVED} are soon over.
 */
final class HurriedMesh extends SharedMesh {
  /** The gateway that gives tokens of {@link #TOKEN_MS}; those of the other live as long as ever. */
  static final String SHORT_LIVED = "gateway-1";

  static final int TOKEN_MS = 10_000;

  @Override
  MeshProcesses start() {
    Map<String, String> roles = new LinkedHashMap<>();
    roles.put("chat-1", "chat");
    roles.put("presence-1", "presence");
    roles.put("gateway-1", "gateway");
    roles.put("gateway-2", "gateway");
    Map<String, String> settings = new LinkedHashMap<>(LoadedMesh.UNLIMITED);
    settings.put("MADANG_AUTH_GUESTS_PER_ADDRESS", "10000");
    settings.put("MADANG_AUTH_CLOCK_SKEW_MS", "0");
    settings.put("MADANG_KEEP_ALIVE_MS", "1000");
    return MeshProcesses.start(
        roles,
        settings,
        Map.of(
            SHORT_LIVED,
            Map.of(
                "MADANG_AUTH_ACCESS_LIFETIME_MS", Integer.toString(TOKEN_MS),
                "MADANG_AUTH_TICKET_LIFETIME_MS", Integer.toString(TOKEN_MS))));
  }
}
