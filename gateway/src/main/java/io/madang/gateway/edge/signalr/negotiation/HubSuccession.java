package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.relay.Home;
import io.madang.runtime.hub.Hub;
import java.util.Optional;

/** How a gateway that stops hands over what may outlive it, and another takes it. For one event loop. */
public interface HubSuccession {

  /** Who goes on; empty unless this gateway stops and another is there. */
  Optional<Home<HubReceive, HubDeliver>> heir();

  /** The hub of this name as it is known here; empty too where this gateway cannot go on with anything. */
  Optional<Hub> hub(String name);

  /** Of a gateway that is alone. */
  static HubSuccession none() {
    return new HubSuccession() {
      @Override
      public Optional<Home<HubReceive, HubDeliver>> heir() {
        return Optional.empty();
      }

      @Override
      public Optional<Hub> hub(String name) {
        return Optional.empty();
      }
    };
  }
}
