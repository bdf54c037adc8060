package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.relay.Home;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * At which gateway a hub connection lives: at the one that its token names, in the life of it that the token names. So any gateway
 * can be asked for any of them.
 *
 * @param self this gateway's id
 * @param isLive whether a gateway is there
 * @param here where it lives at this gateway, by its token
 * @param elsewhere the connections of another gateway
 */
public record HubWhereabouts(
    String self,
    Predicate<String> isLive,
    Function<String, Home<HubReceive, HubDeliver>> here,
    Function<String, Home<HubReceive, HubDeliver>> elsewhere) {

  /** Whether it lives at this gateway. */
  public boolean isHere(String token) {
    return HubTokens.read(token)
        .map(HubTokens.Read::node)
        .filter(node -> node.equals(self))
        .isPresent();
  }

  /** Empty when it is gone with its gateway, or the token is none. */
  public Optional<Home<HubReceive, HubDeliver>> home(String token) {
    return HubTokens.read(token)
        .map(HubTokens.Read::node)
        .filter(node -> node.equals(self) || isLive.test(node))
        .map(node -> node.equals(self) ? here.apply(token) : elsewhere.apply(node));
  }
}
