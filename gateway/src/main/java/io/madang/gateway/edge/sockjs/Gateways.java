package io.madang.gateway.edge.sockjs;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.sockjs.session.Deliver;
import io.madang.gateway.edge.sockjs.session.Receive;
import io.madang.runtime.membership.Rendezvous;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * At which gateway a session lives: at the one that its address names, while that lives; else at the one that all agree on for its
 * id. So any gateway can be asked for any session.
 *
 * @param self this gateway's id
 * @param live ids of the gateways that are there, this one among them
 * @param elsewhere sessions of one base at another gateway
 */
public record Gateways(
    String self, Supplier<List<String>> live, Function<String, Home<Receive, Deliver>> elsewhere) {

  /**
   * Where a session lives.
   *
   * @param isHere whether that is this very gateway
   */
  public record Found(Home<Receive, Deliver> home, boolean isHere) {}

  Found find(Optional<String> named, String session, Supplier<Home<Receive, Deliver>> here) {
    List<String> there = live.get();
    String node = named
        .filter(there::contains)
        .or(() -> Rendezvous.choose(there, session))
        .orElse(self);
    return node.equals(self)
        ? new Found(here.get(), true)
        : new Found(elsewhere.apply(node), false);
  }
}
