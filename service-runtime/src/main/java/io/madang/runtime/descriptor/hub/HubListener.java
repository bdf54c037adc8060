package io.madang.runtime.descriptor.hub;

import java.util.List;
import java.util.Optional;

/**
 * What a hub's connections hear of one kind of publication, where they are subscribed to its topic. One event may have several
 * listeners; all are told, in their order.
 *
 * @param prefix of the topic, one of the service's own
 * @param event the publication's
 * @param target the client's listener, in its exact case
 * @param arguments of it
 * @param when what must hold; empty for always
 */
public record HubListener(
    String prefix,
    String event,
    String target,
    List<HubValue> arguments,
    Optional<HubCondition> when) {
  public HubListener {
    arguments = List.copyOf(arguments);
    if (arguments.stream().anyMatch(HubValue::isOfCaller)) {
      throw new IllegalArgumentException(
          target + " is said once for all who hear it, and cannot tell who hears it");
    }
  }

  public static HubListener of(String prefix, String event, String target, HubValue... arguments) {
    return new HubListener(prefix, event, target, List.of(arguments), Optional.empty());
  }

  public HubListener when(HubCondition condition) {
    return new HubListener(prefix, event, target, arguments, Optional.of(condition));
  }
}
