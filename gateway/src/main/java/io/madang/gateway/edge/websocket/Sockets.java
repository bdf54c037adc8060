package io.madang.gateway.edge.websocket;

import io.madang.protocol.code.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.impl.VertxConnection;
import io.vertx.core.net.impl.VertxHandler;
import java.util.Optional;

/**
 * What sockets can do and Vert.x's public interface does not offer. On the socket's event loop.
 *
 * <p>A socket is reached through the HTTP connection it came from, since the router wraps the socket itself.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty hands back the very promise that it was given
public final class Sockets {
  private Sockets() {}

  /** Sends text that is encoded already; the array is read only from now on and may be shared by sockets. */
  static Future<Void> writeText(ServerWebSocket socket, byte[] utf8) {
    return socket.writeFrame(new WebSocketFrameImpl(WebSocketFrameType.TEXT, utf8, true));
  }

  /** As {@link #writeText(ServerWebSocket, byte[])}, without a copy for this socket. */
  static Future<Void> writeText(ServerWebSocket socket, Buffer utf8) {
    ByteBuf shared = ((BufferInternal) utf8).getByteBuf();
    return socket.writeFrame(new WebSocketFrameImpl(WebSocketFrameType.TEXT, shared, true));
  }

  /**
   * Ends the connection at once, whatever it became. Vert.x's own close would queue a close frame behind what the peer does
   * not read, and so would a close of the channel, which its handler takes for a wish.
   */
  public static void cut(HttpConnection connection) {
    ChannelHandlerContext vertx = channel(connection).pipeline().context(VertxHandler.class);
    if (vertx != null) {
      vertx.close();
    }
  }

  /**
   * Puts out what was written during a read. Vert.x would do so when the read has ended, which is too late where the read
   * itself failed and the channel is closed for it.
   */
  static void flush(HttpConnection connection) {
    channel(connection).pipeline().context(VertxHandler.class).flush();
  }

  /** What to say to a peer whose frames cannot be read; empty if it is something else that went wrong. */
  static Optional<CloseCode> violation(Throwable cause) {
    return cause instanceof CorruptedWebSocketFrameException corrupted
        ? Optional.of(CloseCode.of(corrupted.closeStatus().code()).orElse(CloseCode.PROTOCOL_ERROR))
        : Optional.empty();
  }

  /** Makes every goodbye on this socket, also the answer to the peer's, carry this code and reason. */
  static void alwaysCloseWith(HttpConnection connection, int code, String reason) {
    ChannelPipeline pipeline = channel(connection).pipeline();
    pipeline.addBefore(
        pipeline.context(VertxHandler.class).name(),
        "goodbye",
        new ChannelOutboundHandlerAdapter() {
          @Override
          public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (message instanceof CloseWebSocketFrame theirs) {
              theirs.release();
              context.write(new CloseWebSocketFrame(code, reason), promise);
            } else {
              context.write(message, promise);
            }
          }
        });
  }

  private static Channel channel(HttpConnection connection) {
    return ((VertxConnection) connection).channelHandlerContext().channel();
  }
}
