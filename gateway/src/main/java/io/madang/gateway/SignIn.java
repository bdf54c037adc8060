package io.madang.gateway;

import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Guests;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.identity.revocation.LoopRevocations;
import io.madang.gateway.identity.revocation.Revocations;
import io.madang.gateway.identity.revocation.Revoker;
import io.madang.runtime.admin.AdminAction;
import io.madang.runtime.config.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How a gateway learns who people are: opened once per process, used by every event loop through its own part. */
public interface SignIn {

  /** Opens what all event loops share. */
  Future<Void> start(Vertx vertx);

  /** Bounds of the log of what counts no more. */
  Revocations.Limits revocationLimits();

  /**
   * The part for the event loop that calls, from a verticle's start.
   *
   * @param revoker takes sign-ins that end before their tokens do
   * @param revoked what counts no more, as this loop knows it
   */
  OfLoop forThisLoop(Revoker revoker, LoopRevocations revoked);

  /** What operators can do about people, once started; {@code revoker} takes what counts no more by it. */
  default List<AdminAction> adminActions(Revoker revoker) {
    return List.of();
  }

  /** Closes what {@link #start} opened; no event loop asks any more. */
  Future<Void> stop();

  /** What one event loop has of it. */
  interface OfLoop {
    Authenticator authenticator();

    /** An access token that says the same of somebody who showed a ticket, and ends when that sign-in does. */
    Secret tokenFor(Principal principal);

    /** How somebody comes in without a name; empty where nobody does. */
    default Optional<Guests> guests() {
      return Optional.empty();
    }

    /**
     * Adds the routes by which people sign in, before any that reads bodies.
     *
     * @param clientAddress the network address a request counts for
     */
    void mount(Router router, Function<HttpServerRequest, String> clientAddress);
  }
}
