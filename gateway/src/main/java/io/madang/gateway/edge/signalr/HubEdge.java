package io.madang.gateway.edge.signalr;

import io.madang.gateway.command.Refusals;
import io.madang.gateway.edge.signalr.session.HubOpening;
import io.madang.gateway.edge.signalr.session.HubProtocol;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.edge.websocket.Doorman;
import io.madang.runtime.hub.Hub;
import io.madang.runtime.mesh.directory.Directory;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The paths of the hubs that services show, as they show them now. To be mounted behind the gateway's own doors, which no hub can
 * take the place of. For one event loop.
 */
public final class HubEdge {
  private static final String NEGOTIATE = "/negotiate";

  /** What is asked at a hub beside sockets that begin without negotiation. */
  public interface Others {
    void onNegotiate(Hub hub, HttpServerRequest request);

    /** Anything with an id, and anything that is no socket. */
    void onRequest(Hub hub, HttpServerRequest request);
  }

  private final Directory directory;
  private final HubCallers callers;
  private final Doorman doorman;
  private final HubProtocol protocol;
  private final Supplier<String> nextId;
  private final Function<HttpServerRequest, String> clientAddress;
  private final Others others;

  /** @param nextId a name for a connection that was not negotiated */
  public HubEdge(
      Directory directory,
      HubCallers callers,
      Doorman doorman,
      HubProtocol protocol,
      Supplier<String> nextId,
      Function<HttpServerRequest, String> clientAddress,
      Others others) {
    this.directory = directory;
    this.callers = callers;
    this.doorman = doorman;
    this.protocol = protocol;
    this.nextId = nextId;
    this.clientAddress = clientAddress;
    this.others = others;
  }

  public void mount(Router router) {
    router.route().handler(this::onRequest);
  }

  private void onRequest(RoutingContext context) {
    HttpServerRequest request = context.request();
    String path = context.normalizedPath();
    Optional<Hub> hub = directory.hub(path);
    Optional<Hub> negotiated = withoutNegotiate(path).flatMap(directory::hub);
    if (hub.isPresent()) {
      onHub(hub.get(), request);
    } else if (negotiated.isPresent()) {
      others.onNegotiate(negotiated.get(), request);
    } else {
      context.next();
    }
  }

  private static Optional<String> withoutNegotiate(String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    int at = plain.length() - NEGOTIATE.length();
    return at > 0 && plain.regionMatches(true, at, NEGOTIATE, 0, NEGOTIATE.length())
        ? Optional.of(plain.substring(0, at))
        : Optional.empty();
  }

  private void onHub(Hub hub, HttpServerRequest request) {
    if (request.getHeader("Upgrade") == null || request.getParam("id") != null) {
      others.onRequest(hub, request);
      return;
    }
    doorman.openFor(
        request,
        callers.admitted(request),
        Refusals::failure,
        (socket, credential) -> new HubSocket(
            socket,
            protocol,
            new HubOpening(
                hub,
                nextId.get(),
                credential,
                clientAddress.apply(request),
                HubTransport.WEBSOCKETS)));
  }
}
