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
import io.netty.handler.stream.ChunkedWriteHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.VertxConnection;
import io.vertx.core.net.impl.VertxHandler;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A channel on its way from Vert.x's HTTP to a handler of ours. It begins in the call in which the request came: nothing behind
 * the request is read as HTTP any more, and what is there already is held. Then it ends once, either way: the handler has the
 * channel and Vert.x's objects are let go, or the request is answered and the connection closed. On the connection's loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty hands back the very promise that it was given
public final class Takeover {
  /**
   * So many bytes that the network has not sent yet the kernel takes of one socket. Left to itself it takes megabytes of each that
   * does not read, which nobody counts, and by which whoever reads slowly hears old things.
   */
  private static final long UNSENT_BYTES = 128 * 1024;

  private final Channel channel;
  private final Held held = new Held();

  private Takeover(HttpServerRequest request) {
    this.channel =
        ((VertxConnection) request.connection()).channelHandlerContext().channel();
  }

  /** To be called where the request came, before anything is waited for: later its end would be read on as HTTP. */
  public static Takeover begin(HttpServerRequest request) {
    Takeover takeover = new Takeover(request);
    takeover.holdWhatFollows();
    return takeover;
  }

  private void holdWhatFollows() {
    channel.config().setAutoRead(false);
    ChannelPipeline pipeline = channel.pipeline();
    ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
    pipeline.addAfter(decoder.name(), null, held);
    // It passes on what it has not decoded.
    pipeline.remove(decoder.handler());
  }

  /** Keeps bytes until they can be read by who takes over; passes on everything else. */
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

  /** Whether the peer is gone, and nobody is left to be answered. */
  public boolean isPeerGone() {
    return !channel.isActive();
  }

  /**
   * Puts the handler in Vert.x's place and answers the request. Nothing that follows it is read before {@link #read}.
   *
   * @param head of the answer
   */
  public void handTo(ChannelHandler handler, SocketLoop loop, byte[] head) {
    ChannelPipeline pipeline = channel.pipeline();
    removeIfThere(pipeline, HttpResponseEncoder.class);
    removeIfThere(pipeline, ChunkedWriteHandler.class);
    removeIfThere(pipeline, HeapBodies.class);
    pipeline.replace(VertxHandler.class, "socket", handler);
    channel.config().setOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
    channel.config().setWriteBufferWaterMark(loop.waterMark());
    // Where there is no such option the kernel takes what it likes, and a client lags later.
    channel.config().setOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_BYTES);
    channel.writeAndFlush(Unpooled.wrappedBuffer(head));
  }

  /** Reads what followed the request, and what comes. */
  public void read() {
    held.passOn(channel.pipeline());
    channel.config().setAutoRead(true);
  }

  Channel channel() {
    return channel;
  }

  private static void removeIfThere(
      ChannelPipeline pipeline, Class<? extends ChannelHandler> handler) {
    if (pipeline.get(handler) != null) {
      pipeline.remove(handler);
    }
  }
}
