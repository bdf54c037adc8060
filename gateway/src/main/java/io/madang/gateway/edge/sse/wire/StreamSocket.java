package io.madang.gateway.edge.sse.wire;

import io.madang.gateway.edge.websocket.wire.Outlet;
import io.madang.gateway.edge.websocket.wire.SocketLoop;
import io.madang.gateway.edge.websocket.wire.Takeover;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.net.impl.ShutdownEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event stream: the last handler of its channel, and all that is left of the connection after the head of the answer. Every
 * method is called on the channel's loop. What is written leaves in the order of the calls, by its {@link Outlet}; after {@link
 * #end} nothing more is.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty hands back the very promise that it was given
public final class StreamSocket extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(StreamSocket.class);

  /** A client that says more than this behind its request means something that it does not get here. */
  private static final int MAX_IGNORED_BYTES = 1_024;

  private final SocketLoop loop;
  private final Outlet outlet;
  private final StreamListener listener;
  private final boolean chunked;
  private final Positions positions;
  private final Runnable release;

  private ChannelHandlerContext context;

  /** Whether the end of the answer was written, or the channel is gone. */
  private boolean isEnded;

  /** What the client said behind its request. */
  private int ignoredBytes;

  /** For {@link #begin}, and for channels of tests. */
  StreamSocket(
      SocketLoop loop,
      StreamListener listener,
      boolean chunked,
      Positions positions,
      Runnable release) {
    this.loop = loop;
    this.outlet = new Outlet(loop);
    this.listener = listener;
    this.chunked = chunked;
    this.positions = positions;
    this.release = release;
  }

  /**
   * Answers the request with the head of a stream. Nothing is heard of the channel before {@link Takeover#read}.
   *
   * @param headers of the answer, beside those that every stream has
   * @param chunked whether the client speaks HTTP/1.1; else the end of the connection is the end of the stream
   * @param positions which each event's id tells and moves
   * @param unanswered after so long without a sign that the peer's machine has got what was sent, the connection breaks, where
   *     the system can do that
   * @param release is run once, when the channel has ended
   */
  public static StreamSocket begin(
      Takeover takeover,
      SocketLoop loop,
      StreamListener listener,
      MultiMap headers,
      boolean chunked,
      Positions positions,
      Duration unanswered,
      Runnable release) {
    StreamSocket socket = new StreamSocket(loop, listener, chunked, positions, release);
    takeover.handTo(socket, loop, head(headers, chunked));
    socket.context.channel().config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, (int)
        unanswered.toMillis());
    return socket;
  }

  private static byte[] head(MultiMap headers, boolean chunked) {
    StringBuilder head = new StringBuilder(1_024)
        .append("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n")
        .append("Cache-Control: no-cache, no-store, no-transform\r\n")
        // For proxies of the nginx family, which would keep events until a buffer is full.
        .append("X-Accel-Buffering: no\r\nConnection: close\r\n");
    if (chunked) {
      head.append("Transfer-Encoding: chunked\r\n");
    }
    for (Map.Entry<String, String> header : headers) {
      head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  // What edges do.

  /** Says how long a client waits before it comes again, if the stream breaks. */
  public void retryAfter(Duration wait) {
    write(new EventText(chunked, EventText.AROUND).retry(wait.toMillis()).bytes());
  }

  /** Something to be sent, which clients pass over; {@code taken} is run when the network has it. */
  public void heartbeat(Runnable taken) {
    if (!isEnded) {
      outlet
          .writeNow(new EventText(chunked, EventText.AROUND).comment().bytes())
          .addListener(written -> {
            if (written.isSuccess()) {
              loop.dispatch(taken);
            }
          });
    }
  }

  /** An event of this kind, which does not change where the client stands. */
  public int event(String name, byte[] json) {
    return write(new EventText(chunked, name.length() + json.length)
        .event(name)
        .data(json)
        .bytes());
  }

  /** An event of this kind, with where the client stands when it has it. */
  public int positioned(String name, byte[] json) {
    byte[] id = positions.id();
    EventText text = new EventText(chunked, name.length() + json.length + id.length).event(name);
    if (id.length > 0) {
      text.id(id);
    }
    return write(text.data(json).bytes());
  }

  /** An event that tells a publication, with where the client stands when it has it if that changes anything. */
  public int message(byte[] json, boolean moves) {
    byte[] id = moves ? positions.id() : new byte[0];
    EventText text = new EventText(chunked, json.length + id.length);
    if (moves) {
      text.id(id);
    }
    return write(text.data(json).bytes());
  }

  /** All that a topic brings in a turn; says how many bytes that is. */
  public int bundle(Bundle bundle) {
    if (positions.isOfOneTopic()) {
      SharedEvents events = bundle.in(SharedEvents.encoding(chunked));
      moveBehind(bundle.publications());
      return write(events.oneMore());
    }
    return write(apart(bundle.publications()));
  }

  private void moveBehind(List<SharedPublication> publications) {
    for (int i = publications.size() - 1; i >= 0; i--) {
      if (move(publications.get(i))) {
        return;
      }
    }
  }

  private boolean move(SharedPublication shared) {
    shared
        .publication()
        .position()
        .ifPresent(at -> positions.moveTo(shared.publication().topic(), at));
    return shared.publication().position().isPresent();
  }

  /** What a publication says is encoded once for all; only the id before it is this stream's own. */
  private ByteBuf apart(List<SharedPublication> publications) {
    int bytes = 0;
    int perId = EventText.AROUND + positions.id().length + Positions.MOST_BYTES_OF_ONE;
    for (SharedPublication each : publications) {
      bytes += perId + each.nativeFrame().length;
    }
    EventText text = new EventText(chunked, bytes);
    for (SharedPublication each : publications) {
      if (move(each)) {
        text.id(positions.id());
      }
      text.data(each.nativeFrame());
    }
    return text.bytes();
  }

  /** The last event, and the end of the answer behind it. */
  public void end(Duration retryAfter, String name, byte[] json) {
    if (isEnded) {
      return;
    }
    isEnded = true;
    outlet
        .writeNow(new EventText(chunked, name.length() + json.length)
            .retry(retryAfter.toMillis())
            .event(name)
            .data(json)
            .last())
        .addListener(ChannelFutureListener.CLOSE);
  }

  /** Ends the channel at once, whatever waits. */
  public void cut() {
    isEnded = true;
    context.close();
  }

  public long queuedBytes() {
    return outlet.queuedBytes();
  }

  public long takenBytes() {
    return outlet.takenBytes();
  }

  /** Whether no more waits for the network than may. */
  public boolean isWritable() {
    return outlet.isWritable();
  }

  private int write(ByteBuf bytes) {
    int size = bytes.readableBytes();
    if (isEnded) {
      bytes.release();
    } else {
      outlet.write(bytes);
    }
    return size;
  }

  // What the channel tells.

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    outlet.opensInto(added);
  }

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    if (message instanceof ByteBuf more) {
      ignoredBytes = Math.min(MAX_IGNORED_BYTES + 1, ignoredBytes + more.readableBytes());
    }
    ReferenceCountUtil.release(message);
    if (ignoredBytes > MAX_IGNORED_BYTES) {
      cut();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext from) {
    if (!isEnded && isWritable()) {
      loop.dispatch(listener::onDrained);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext from, Object event) {
    if (event instanceof ShutdownEvent && !isEnded) {
      loop.dispatch(listener::onShutdown);
    } else {
      ReferenceCountUtil.release(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("An event stream broke: {}", cause.getMessage());
    } else {
      LOG.error("A bug met an event stream", cause);
    }
    context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext from) {
    isEnded = true;
    loop.dispatch(() -> {
      listener.onClosed();
      release.run();
    });
  }
}
