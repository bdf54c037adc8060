package io.madang.gateway.edge.websocket.wire;

import io.netty.channel.ChannelOption;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Function;

/**
 * A connection between HTTP and WebSocket; see {@link Takeover} for when it begins and how it ends. On the connection's loop.
 */
public final class Upgrade {
  private final HttpServerRequest request;
  private final Handshake handshake;
  private final Takeover takeover;

  private Upgrade(HttpServerRequest request, Handshake handshake) {
    this.request = request;
    this.handshake = handshake;
    this.takeover = Takeover.begin(request);
  }

  /** To be called where the request came, before anything is waited for: later its end would be read on as HTTP. */
  public static Upgrade begin(HttpServerRequest request, Handshake handshake) {
    return new Upgrade(request, handshake);
  }

  /**
   * Answers the handshake and makes the channel a socket. Where the peer is gone already, only {@code release} is run.
   *
   * @param opened is given the socket before anything is read from it, and answers who hears it
   * @param release is run once, when the channel has ended
   */
  public void accept(SocketLoop loop, Function<WireSocket, WireListener> opened, Runnable release) {
    if (takeover.isPeerGone()) {
      release.run();
      return;
    }
    byte[] answer = handshake.answer(request.response().headers());
    WireSocket socket = new WireSocket(loop, handshake.deflates(), release);
    takeover.handTo(socket, loop, answer);
    takeover
        .channel()
        .pipeline()
        .addBefore(
            "socket", "frames", new BoundedFrameDecoder(loop.decoding(handshake.deflates())));
    takeover.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    socket.heardBy(opened.apply(socket));
    takeover.read();
  }
}
