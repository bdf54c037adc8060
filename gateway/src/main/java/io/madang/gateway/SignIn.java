package io.madang.gateway;

import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Principal;
import io.madang.runtime.config.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.util.function.Function;

/** How a gateway learns who people are: opened once per process, used by every event loop through its own part. */
public interface SignIn {

  /** Opens what all event loops share. */
  Future<Void> start(Vertx vertx);

  /** The part for the event loop that calls, from a verticle's start. */
  OfLoop forThisLoop();

  /** Closes what {@link #start} opened; no event loop asks any more. */
  Future<Void> stop();

  /** What one event loop has of it. */
  interface OfLoop {
    Authenticator authenticator();

    /** An access token that says the same of somebody who showed a ticket, and ends when that sign-in does. */
    Secret tokenFor(Principal principal);

    /**
     * Adds the routes by which people sign in, before any that reads bodies.
     *
     * @param clientAddress the network address a request counts for
     */
    void mount(Router router, Function<HttpServerRequest, String> clientAddress);
  }
}
