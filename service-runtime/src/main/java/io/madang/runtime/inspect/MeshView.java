package io.madang.runtime.inspect;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be looked at. */
public enum MeshView {
  /** Every node, and whether it is heard. */
  NODES,
  /** What gateways want of services, and what the nodes of these know of it. */
  INTEREST,
  /** The topics that are heard, and where. */
  TOPICS,
  /** How far each gateway is behind the owners of the topics, and what was repaired. */
  POSITIONS;

  /** As an operator writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<MeshView> of(String word) {
    return Arrays.stream(values()).filter(view -> view.word().equals(word)).findFirst();
  }

  /** Whether it is about single topics, so that gateways are asked about the same ones. */
  public boolean isOfTopics() {
    return this == TOPICS || this == POSITIONS;
  }
}
