package io.madang.runtime.descriptor;

import java.util.List;
import java.util.Optional;

/**
 * One thing a service can be asked that answers with many items.
 *
 * @param name camelCase; matched without case
 * @param parameters in the order of their positions
 * @param role a caller without it is refused
 */
public record StreamDescriptor(String name, List<Parameter> parameters, Optional<String> role) {
  public StreamDescriptor {
    parameters = List.copyOf(parameters);
  }

  public static StreamDescriptor of(String name, Parameter... parameters) {
    return new StreamDescriptor(name, List.of(parameters), Optional.empty());
  }
}
