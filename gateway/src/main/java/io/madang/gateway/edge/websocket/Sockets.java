package io.madang.gateway.edge.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;
import io.vertx.core.internal.http.WebSocketInternal;

/** What WebSockets can do and Vert.x's public interface does not offer. On the socket's event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty hands back the very promise that it was given
final class Sockets {
  private Sockets() {}

  /** Sends text that is encoded already; the array is read only from now on and may be shared by sockets. */
  static Future<Void> writeText(ServerWebSocket socket, byte[] utf8) {
    return socket.writeFrame(new WebSocketFrameImpl(WebSocketFrameType.TEXT, utf8, true));
  }

  /** Ends the connection at once. A close frame would wait behind what the peer does not read. */
  static void cut(ServerWebSocket socket) {
    ((WebSocketInternal) socket).channelHandlerContext().close();
  }

  /** Makes every goodbye on this socket, also the answer to the peer's, carry this code and reason. */
  static void alwaysCloseWith(ServerWebSocket socket, int code, String reason) {
    ChannelHandlerContext context = ((WebSocketInternal) socket).channelHandlerContext();
    context.pipeline().addBefore(context.name(), "goodbye", new ChannelOutboundHandlerAdapter() {
      @Override
      public void write(ChannelHandlerContext outbound, Object message, ChannelPromise promise) {
        if (message instanceof CloseWebSocketFrame theirs) {
          ByteBuf content = theirs.content();
          content.release();
          outbound.write(new CloseWebSocketFrame(code, reason), promise);
        } else {
          outbound.write(message, promise);
        }
      }
    });
  }
}
