package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.relay.Home;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * At which gateway a hub connection lives: at the one that its token names, in the life of it that the token names, or at the heir
 * of that one. So any gateway can be asked for any of them.
 *
 * @param self this gateway's id
 * @param isLive whether a gateway is there
 * @param here where it lives at this gateway, by its token
 * @param elsewhere the connections of another gateway
 * @param heirOf who goes on with what lived at a gateway that stops or stopped
 */
public record HubWhereabouts(
    String self,
    Predicate<String> isLive,
    Function<String, Home<HubReceive, HubDeliver>> here,
    Function<String, Home<HubReceive, HubDeliver>> elsewhere,
    Function<String, Optional<String>> heirOf) {

  /** As {@link #node}, and what lives there. */
  public Optional<Home<HubReceive, HubDeliver>> home(String token) {
    return node(token).map(node -> at(token, node));
  }

  /** Where to ask for it first; empty when it is gone with its gateway, or the token is none. */
  public Optional<String> node(String token) {
    return HubTokens.read(token)
        .map(HubTokens.Read::node)
        .flatMap(node ->
            node.equals(self) || isLive.test(node) ? Optional.of(node) : heirOf.apply(node));
  }

  /** Whether it lives at this gateway, or went on here. */
  public boolean isHere(String token) {
    return HubTokens.read(token)
        .filter(read -> read.node().equals(self)
            || heirOf.apply(read.node()).filter(self::equals).isPresent())
        .isPresent();
  }

  /** What lives at a gateway. */
  public Home<HubReceive, HubDeliver> at(String token, String node) {
    return node.equals(self) ? here.apply(token) : elsewhere.apply(node);
  }
}
