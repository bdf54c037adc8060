package io.madang.runtime.membership;

import java.util.Collection;
import java.util.Optional;

/** Chooses one node per key so that all choosers agree and a node that leaves moves only its own keys. */
public final class Rendezvous {
  private Rendezvous() {}

  /** One of the nodes; empty when there are none. */
  public static Optional<String> choose(Collection<String> nodes, String key) {
    String best = null;
    long bestWeight = 0;
    for (String node : nodes) {
      long weight = weight(node, key);
      if (best == null || Long.compareUnsigned(weight, bestWeight) > 0) {
        best = node;
        bestWeight = weight;
      }
    }
    return Optional.ofNullable(best);
  }

  private static long weight(String node, String key) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < node.length(); i++) {
      hash = (hash ^ node.charAt(i)) * 0x100000001b3L;
    }
    for (int i = 0; i < key.length(); i++) {
      hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
    }
    hash ^= hash >>> 33;
    hash *= 0xff51afd7ed558ccdL;
    hash ^= hash >>> 33;
    hash *= 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }
}
