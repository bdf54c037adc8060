package io.madang.runtime.descriptor.hub;

import java.util.Optional;

/**
 * A refusal that a caller hears as an event, and not as the failure of its call.
 *
 * @param code the service's; empty for any
 * @param event its values see an object with {@code code} and {@code message} as the data
 */
public record HubRefusal(Optional<String> code, CallerEvent event) {
  public boolean matches(String refused) {
    return code.isEmpty() || code.get().equals(refused);
  }
}
