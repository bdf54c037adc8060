package io.madang.runtime.descriptor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One thing a service can be asked whose question has many items.
 *
 * @param name camelCase; matched without case
 * @param parameters in the order of their positions
 * @param role a caller without it is refused
 * @param maxItemBytes of one item as JSON; a larger one ends the upload with {@code too-large}
 * @param maxBytes of all items as JSON; beyond, the upload ends with {@code too-large}
 * @param idle without an item for so long, though one may come, the upload ends with {@code timeout}
 * @param within what is not answered by then, from the opening on, ends with {@code timeout}
 */
public record UploadDescriptor(
    String name,
    List<Parameter> parameters,
    Optional<String> role,
    int maxItemBytes,
    long maxBytes,
    Duration idle,
    Duration within) {
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Duration WITHIN = Duration.ofMinutes(10);

  public UploadDescriptor {
    parameters = List.copyOf(parameters);
    if (maxItemBytes < 1 || maxBytes < 1 || idle.toMillis() < 1 || within.toMillis() < 1) {
      throw new IllegalArgumentException("the limits of an upload are positive");
    }
  }

  /** For everybody, idle for at most 30 s, over within 10 min. */
  public static UploadDescriptor of(
      String name, int maxItemBytes, long maxBytes, Parameter... parameters) {
    return new UploadDescriptor(
        name, List.of(parameters), Optional.empty(), maxItemBytes, maxBytes, IDLE, WITHIN);
  }

  public UploadDescriptor requiring(String neededRole) {
    return new UploadDescriptor(
        name, parameters, Optional.of(neededRole), maxItemBytes, maxBytes, idle, within);
  }

  public UploadDescriptor lasting(Duration idleFor, Duration overWithin) {
    return new UploadDescriptor(
        name, parameters, role, maxItemBytes, maxBytes, idleFor, overWithin);
  }
}
