package io.madang.benchmarks.baseline;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** The least a fan-out can do with the public interface of Vert.x: each text it gets, one write to each of its sockets. */
public final class WriteEachServer extends VerticleBase {
  private final int port;

  /** All instances of the process, each with the sockets of its own event loop. */
  private final List<WriteEachServer> all;

  private final Set<ServerWebSocket> sockets = new HashSet<>();

  private WriteEachServer(int port, List<WriteEachServer> all) {
    this.port = port;
    this.all = all;
  }

  /** @param arguments the port on loopback */
  public static void main(String[] arguments) {
    int port = Integer.parseInt(arguments[0]);
    int loops = Runtime.getRuntime().availableProcessors();
    List<WriteEachServer> all = new CopyOnWriteArrayList<>();
    Vertx vertx = Vertx.vertx();
    vertx
        .deployVerticle(
            () -> new WriteEachServer(port, all), new DeploymentOptions().setInstances(loops))
        .onComplete(WriteEachServer::tell);
  }

  /** Says on the output that a server is there; ends the process when it is not. */
  static void tell(String deployment, Throwable failure) {
    if (failure == null) {
      System.out.println("ready");
    } else {
      failure.printStackTrace();
      System.exit(1);
    }
  }

  @Override
  public Future<?> start() {
    all.add(this);
    return vertx.createHttpServer().webSocketHandler(this::onSocket).listen(port, "127.0.0.1");
  }

  private void onSocket(ServerWebSocket socket) {
    sockets.add(socket);
    socket.closeHandler(end -> sockets.remove(socket));
    socket.textMessageHandler(
        text -> all.forEach(each -> each.context.runOnContext(now -> each.toAll(text))));
  }

  private void toAll(String text) {
    for (ServerWebSocket socket : sockets) {
      socket.writeTextMessage(text);
    }
  }
}
