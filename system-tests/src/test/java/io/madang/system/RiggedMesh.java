package io.madang.system;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * As {@link SharedMesh}, two gateways and two chat nodes in a {@link Rig}. Healing it also undoes cuts, sets the clocks right and
 * ends faults.
 */
final class RiggedMesh extends SharedMesh {
  @Override
  MeshProcesses start() {
    Map<String, String> settings = new LinkedHashMap<>(LoadedMesh.UNLIMITED);
    settings.put("MADANG_AUTH_GUESTS_PER_ADDRESS", "10000");
    // So that whoever was cut off for half a minute is told all of it, and not where it stands now.
    settings.put("MADANG_MAX_RESUMED_BYTES", Integer.toString(16 * 1024 * 1024));
    settings.put("MADANG_MAX_OUTBOUND_BYTES", Integer.toString(32 * 1024 * 1024));
    // So that interest changes with those who come and go.
    settings.put("MADANG_TOPIC_LINGER_MS", "50");
    return MeshProcesses.startRigged(MeshProcesses.chatOnly(), settings);
  }
}
