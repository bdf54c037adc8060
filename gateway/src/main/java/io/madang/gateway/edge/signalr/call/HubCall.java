package io.madang.gateway.edge.signalr.call;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.gateway.edge.signalr.meaning.HubValues;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.descriptor.hub.HubMethod;
import io.madang.runtime.hub.Hub;
import java.util.Optional;

/**
 * One call of a client.
 *
 * @param id absent where nobody waits for its completion
 * @param target as the client spells it
 * @param method that it means
 * @param arguments by parameter
 */
record HubCall(Optional<String> id, String target, Hub.Method method, ObjectNode arguments) {
  RawJson raw() {
    return HubValues.raw(arguments);
  }

  String service() {
    return method.service();
  }

  /** What of the service is asked. */
  String asks() {
    return method.method().asks();
  }

  /** How the hub shows it. */
  HubMethod shown() {
    return method.method();
  }
}
