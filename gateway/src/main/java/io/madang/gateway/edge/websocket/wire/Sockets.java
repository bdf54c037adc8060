package io.madang.gateway.edge.websocket.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.VertxConnection;
import io.vertx.core.net.impl.VertxHandler;

/** What connections that Vert.x still carries can do and its public interface does not offer. On the connection's loop. */
public final class Sockets {
  private Sockets() {}

  /** To be called when the connection is accepted: what is not read of its requests costs nothing when it has ended. */
  public static void keepBodiesOnHeap(HttpConnection connection) {
    ChannelPipeline pipeline =
        ((VertxConnection) connection).channelHandlerContext().channel().pipeline();
    pipeline.addBefore(pipeline.context(VertxHandler.class).name(), null, HeapBodies.INSTANCE);
  }

  /**
   * Ends the connection at once, whatever it became. Vert.x's own close would queue a close frame behind what the peer does
   * not read, and so would a close of the channel, which its handler takes for a wish.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
  public static void cut(HttpConnection connection) {
    ChannelHandlerContext vertx = ((VertxConnection) connection)
        .channelHandlerContext()
        .channel()
        .pipeline()
        .context(VertxHandler.class);
    if (vertx != null) {
      vertx.close();
    }
  }
}
