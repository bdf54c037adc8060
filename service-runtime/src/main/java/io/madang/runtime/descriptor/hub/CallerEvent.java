package io.madang.runtime.descriptor.hub;

import java.util.List;
import java.util.Optional;

/**
 * What one connection hears besides the answer of its call.
 *
 * @param target the client's listener, in its exact case
 * @param arguments of it
 * @param when what must hold; empty for always
 */
public record CallerEvent(String target, List<HubValue> arguments, Optional<HubCondition> when) {
  public CallerEvent {
    arguments = List.copyOf(arguments);
  }

  public static CallerEvent of(String target, HubValue... arguments) {
    return new CallerEvent(target, List.of(arguments), Optional.empty());
  }

  public CallerEvent when(HubCondition condition) {
    return new CallerEvent(target, arguments, Optional.of(condition));
  }
}
