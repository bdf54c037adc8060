package io.madang.benchmarks.baseline;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.ext.bridge.PermittedOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.sockjs.SockJSBridgeOptions;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;

/** The event-bus bridge of Vert.x as it comes, on all event loops of one process: no sign-in, no positions, one address. */
public final class BridgeServer extends VerticleBase {
  private final int port;

  private BridgeServer(int port) {
    this.port = port;
  }

  /** @param arguments the port on loopback */
  public static void main(String[] arguments) {
    int port = Integer.parseInt(arguments[0]);
    int loops = Runtime.getRuntime().availableProcessors();
    Vertx vertx = Vertx.vertx();
    vertx
        .deployVerticle(() -> new BridgeServer(port), new DeploymentOptions().setInstances(loops))
        .onComplete(WriteEachServer::tell);
  }

  @Override
  public Future<?> start() {
    PermittedOptions address = new PermittedOptions().setAddress("bench");
    SockJSBridgeOptions options =
        new SockJSBridgeOptions().addInboundPermitted(address).addOutboundPermitted(address);
    Router router = Router.router(vertx);
    router.route("/eventbus/*").subRouter(SockJSHandler.create(vertx).bridge(options));
    return vertx.createHttpServer().requestHandler(router).listen(port, "127.0.0.1");
  }
}
