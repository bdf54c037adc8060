package io.madang.runtime.mesh.ask;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.function.Supplier;

/** The event loop on which this process is a node of the mesh, and the way there and back. Safe on any thread. */
public final class MeshLoop {
  private final Vertx vertx;
  private final Context context;

  /** A loop of its own. */
  public MeshLoop(Vertx vertx) {
    this.vertx = vertx;
    this.context = ((VertxInternal) vertx).createEventLoopContext();
  }

  public Context context() {
    return context;
  }

  /** Does it there; succeeds on the loop that asks. */
  public Future<Void> run(Runnable work) {
    return call(() -> {
      work.run();
      return Future.succeededFuture();
    });
  }

  /** Does it there, and brings what comes of it back to the loop that asks. */
  public <T> Future<T> call(Supplier<Future<T>> work) {
    Context asking = vertx.getOrCreateContext();
    Promise<T> promise = Promise.promise();
    context.runOnContext(turn ->
        work.get().onComplete(result -> asking.runOnContext(back -> promise.handle(result))));
    return promise.future();
  }
}
