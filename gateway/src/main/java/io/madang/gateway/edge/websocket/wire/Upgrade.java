package io.madang.gateway.edge.websocket.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.VertxConnection;
import io.vertx.core.net.impl.VertxHandler;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Function;

/**
 * A connection between HTTP and WebSocket. It begins in the call in which the request came: nothing behind the request is read as
 * HTTP any more, and what is there already is held. Then it ends once, either way: the channel becomes a {@link WireSocket} and
 * Vert.x's objects are let go, or the request is answered and the connection closed. On the connection's loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty hands back the very promise that it was given
public final class Upgrade {
  /**
   * So many bytes that the network has not sent yet the kernel takes of one socket. Left to itself it takes megabytes of each that
   * does not read, which nobody counts, and by which whoever reads slowly hears old things.
   */
  private static final long UNSENT_BYTES = 128 * 1024;

  private final HttpServerRequest request;
  private final Handshake handshake;
  private final Channel channel;
  private final Held held = new Held();

  private Upgrade(HttpServerRequest request, Handshake handshake) {
    this.request = request;
    this.handshake = handshake;
    this.channel =
        ((VertxConnection) request.connection()).channelHandlerContext().channel();
  }

  /** To be called where the request came, before anything is waited for: later its end would be read on as HTTP. */
  public static Upgrade begin(HttpServerRequest request, Handshake handshake) {
    Upgrade upgrade = new Upgrade(request, handshake);
    upgrade.holdWhatFollows();
    return upgrade;
  }

  private void holdWhatFollows() {
    channel.config().setAutoRead(false);
    ChannelPipeline pipeline = channel.pipeline();
    ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
    pipeline.addAfter(decoder.name(), null, held);
    // It passes on what it has not decoded.
    pipeline.remove(decoder.handler());
  }

  /** Keeps bytes until they can be read as frames; passes on everything else. */
  private static final class Held extends ChannelInboundHandlerAdapter {
    private final Queue<ByteBuf> bytes = new ArrayDeque<>();
    private boolean isPassedOn;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof ByteBuf more) {
        bytes.add(more);
      } else {
        context.fireChannelRead(message);
      }
    }

    void passOn(ChannelPipeline pipeline) {
      isPassedOn = true;
      pipeline.remove(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      boolean any = !bytes.isEmpty();
      while (!bytes.isEmpty()) {
        ByteBuf next = bytes.remove();
        if (isPassedOn) {
          context.fireChannelRead(next);
        } else {
          next.release();
        }
      }
      if (any && isPassedOn) {
        context.fireChannelReadComplete();
      }
    }
  }

  /**
   * Answers the handshake and makes the channel a socket. Where the peer is gone already, only {@code release} is run.
   *
   * @param opened is given the socket before anything is read from it, and answers who hears it
   * @param release is run once, when the channel has ended
   */
  public void accept(SocketLoop loop, Function<WireSocket, WireListener> opened, Runnable release) {
    if (!channel.isActive()) {
      release.run();
      return;
    }
    byte[] answer = handshake.answer(request.response().headers());
    WireSocket socket = new WireSocket(loop, handshake.deflates(), release);
    ChannelPipeline pipeline = channel.pipeline();
    removeIfThere(pipeline, HttpResponseEncoder.class);
    removeIfThere(pipeline, ChunkedWriteHandler.class);
    removeIfThere(pipeline, HeapBodies.class);
    pipeline.replace(VertxHandler.class, "socket", socket);
    pipeline.addBefore(
        "socket", "frames", new WebSocket13FrameDecoder(loop.decoding(handshake.deflates())));
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel.config().setOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
    channel.config().setWriteBufferWaterMark(loop.waterMark());
    // Where there is no such option the kernel takes what it likes, and a client lags later.
    channel.config().setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES);
    channel.writeAndFlush(Unpooled.wrappedBuffer(answer));
    socket.heardBy(opened.apply(socket));
    held.passOn(pipeline);
    channel.config().setAutoRead(true);
  }

  private static void removeIfThere(
      ChannelPipeline pipeline, Class<? extends ChannelHandler> handler) {
    if (pipeline.get(handler) != null) {
      pipeline.remove(handler);
    }
  }
}
