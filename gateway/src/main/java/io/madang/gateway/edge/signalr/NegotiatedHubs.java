package io.madang.gateway.edge.signalr;

import io.madang.gateway.edge.signalr.http.HubHttp;
import io.madang.gateway.edge.signalr.http.HubPermit;
import io.madang.gateway.edge.signalr.session.HubOpening;
import io.madang.gateway.edge.signalr.session.HubProtocol;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.edge.websocket.Doorman;
import io.madang.runtime.hub.Hub;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Function;

/** Hub connections that begin with a negotiation, whatever carries them then. For one event loop. */
public final class NegotiatedHubs implements HubEdge.Others {
  private final HubHttp http;
  private final HubCallers callers;
  private final Doorman doorman;
  private final HubProtocol protocol;
  private final HubCarrier.Times times;
  private final HubCarriers carriers;
  private final Function<HttpServerRequest, String> clientAddress;

  /**
   * @param protocol of those that live with their WebSocket
   * @param times of WebSockets that carry connections which live elsewhere
   */
  public NegotiatedHubs(
      HubHttp http,
      HubCallers callers,
      Doorman doorman,
      HubProtocol protocol,
      HubCarrier.Times times,
      HubCarriers carriers,
      Function<HttpServerRequest, String> clientAddress) {
    this.http = http;
    this.callers = callers;
    this.doorman = doorman;
    this.protocol = protocol;
    this.times = times;
    this.carriers = carriers;
    this.clientAddress = clientAddress;
  }

  @Override
  public void onNegotiate(Hub hub, HttpServerRequest request) {
    http.onNegotiation(request, hub);
  }

  @Override
  public void onRequest(Hub hub, HttpServerRequest request) {
    if (request.getHeader("Upgrade") == null) {
      http.onRequest(request);
    } else {
      openSocket(hub, request, request.getParam("id"));
    }
  }

  private void openSocket(Hub hub, HttpServerRequest request, String token) {
    HubPermit permit = http.permit(request, token);
    doorman.open(
        request,
        permit,
        socket -> permit.carries()
            ? new HubCarrier(socket, permit, times, carriers)
            : new HubSocket(
                socket,
                protocol,
                new HubOpening(
                    hub,
                    HubHttp.connection(token),
                    callers.offered(request),
                    clientAddress.apply(request),
                    HubTransport.WEBSOCKETS)));
  }
}
