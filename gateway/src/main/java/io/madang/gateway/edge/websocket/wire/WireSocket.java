package io.madang.gateway.edge.websocket.wire;

import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.Encoding;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.protocol.code.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.impl.ShutdownEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket: the last handler of its channel, and all that is left of the connection after the handshake. Every method is
 * called on the channel's loop.
 *
 * <pre>
 *            the peer closes: answered            answer written, or not in time
 *   OPEN ---------------------------> CLOSING ------------------------------------> OVER
 *    |  |                               ^  |
 *    |  +---- we close, for whatever ---+  +-- the peer's answer, its end, or neither in time
 *    |        reason
 *    +------------------------------------ cut, or the channel ended -------------> OVER
 * </pre>
 *
 * <p>What is written leaves in the order of the calls, by its {@link Outlet}. After a close nothing more is written, and of what comes only the peer's close counts. What is too
 * big is thrown away as it comes, until the peer's close. After any other violation nothing can be told apart any more: our side of
 * the channel ends behind the close frame, and what still comes is thrown away, as a channel that is closed with bytes unread would
 * take the close frame with it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty hands back the very promise that it was given
public final class WireSocket extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(WireSocket.class);

  /** The reserved bit of RFC 7692, as Netty gives it. */
  private static final int DEFLATED = 0x4;

  /** In place of a code where a close frame has none. */
  private static final int NO_CODE = 0;

  private enum Phase {
    OPEN,
    CLOSING,
    OVER
  }

  private final SocketLoop loop;
  private final Outlet outlet;
  private final boolean deflates;
  private final Runnable release;

  /** Set once, before anything is read. */
  private WireListener listener;

  private ChannelHandlerContext context;
  private Phase phase = Phase.OPEN;

  /** Whether the peer broke the rules and is not listened to any more. */
  private boolean isBroken;

  /** Whether the listener knows that it is closed. */
  private boolean isTold;

  /** The message of which not all has come; null between messages. */
  private Fragments begun;

  /** Payload of the newest ping that could not be answered yet; null when none waits. */
  private byte[] owedPong;

  /** When the peer's time to take our goodbye is over; null before it was said. */
  private DeadlineWheel.Deadline goodbyeDeadline;

  /**
   * @param deflates whether client and server have agreed on deflated messages
   * @param release is run once, when the channel has ended
   */
  WireSocket(SocketLoop loop, boolean deflates, Runnable release) {
    this.loop = loop;
    this.outlet = new Outlet(loop);
    this.deflates = deflates;
    this.release = release;
  }

  void heardBy(WireListener its) {
    listener = its;
  }

  // What edges do.

  /** Sends a text that is encoded already. Does nothing after a close. */
  public void text(byte[] utf8) {
    if (phase == Phase.OPEN) {
      writeText(utf8, deflates ? loop.deflation().deflated(utf8) : Optional.empty());
    }
  }

  /** Sends one publication. Does nothing after a close. */
  public void publication(SharedPublication publication) {
    if (phase == Phase.OPEN) {
      writeText(
          publication.nativeFrame(),
          deflates ? publication.deflatedFrame(loop.deflation()::deflated) : Optional.empty());
    }
  }

  private void writeText(byte[] utf8, Optional<byte[]> deflated) {
    outlet.write(Framing.text(deflated.orElse(utf8), deflated.isPresent()));
  }

  /** Sends what other sockets of the loop are sent as well, and says how many bytes that is. Does nothing after a close. */
  public int bundle(Bundle bundle) {
    NativeFrames frames = bundle.in(loop.frames(deflates));
    if (phase == Phase.OPEN) {
      outlet.write(frames.oneMore());
    }
    return frames.bytes();
  }

  /** As {@link #bundle(Bundle)}, in another form that sockets share; not deflated. */
  public int bundle(Bundle bundle, Encoding<SharedFrames> form) {
    SharedFrames frames = bundle.in(form);
    // Where nobody is to hear what was published there is nothing to send.
    if (phase == Phase.OPEN && frames.bytes() > 0) {
      outlet.write(frames.oneMore());
    }
    return frames.bytes();
  }

  /** Sends bytes as one message. Does nothing after a close. */
  public void bytes(byte[] message) {
    if (phase == Phase.OPEN) {
      outlet.write(Framing.bytes(message));
    }
  }

  public void ping() {
    if (phase == Phase.OPEN) {
      outlet.write(Framing.ping());
    }
  }

  /**
   * Says goodbye behind what was sent before, and ends the channel when the peer has answered, or not in time. Does nothing after
   * a close.
   */
  public void close(int code, String reason) {
    if (phase == Phase.OPEN) {
      sayGoodbye(code, reason);
    }
  }

  /** Ends the channel at once, whatever waits. */
  public void cut() {
    if (phase != Phase.OVER) {
      context.close();
    }
  }

  /** Bytes handed over that the network has not taken, as much as they cost. */
  public long queuedBytes() {
    return outlet.queuedBytes();
  }

  /** Bytes that the network has ever taken: changes exactly when the peer reads. */
  public long takenBytes() {
    return outlet.takenBytes();
  }

  /** Whether no more waits for the network than may. */
  public boolean isWritable() {
    return outlet.isWritable();
  }

  /** Reads on, or leaves what the peer sends to the network. */
  public void setReading(boolean reading) {
    context.channel().config().setAutoRead(reading);
  }

  private ChannelFuture sayGoodbye(int code, String reason) {
    phase = Phase.CLOSING;
    begun = null;
    owedPong = null;
    ChannelFuture written = outlet.writeNow(Framing.close(code, reason));
    if (isBroken) {
      written.addListener(done -> endOurSide());
    }
    goodbyeDeadline = loop.afterGoodbye(this::cut);
    return written;
  }

  private void endOurSide() {
    if (phase != Phase.OVER && context.channel() instanceof DuplexChannel channel) {
      channel.shutdownOutput();
    }
  }

  // What the channel tells.

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    outlet.opensInto(added);
  }

  @Override
  public void channelRead(ChannelHandlerContext from, Object message) {
    try {
      if (message instanceof WebSocketFrame frame && !isBroken && phase != Phase.OVER) {
        loop.dispatch(() -> onFrame(frame));
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void onFrame(WebSocketFrame frame) {
    if (frame instanceof CloseWebSocketFrame) {
      onPeerCloses(frame.content());
      return;
    }
    if (phase != Phase.OPEN) {
      return;
    }
    listener.onHeard();
    if (frame.rsv() != 0 && !maySayDeflated(frame)) {
      onViolation(CloseCode.PROTOCOL_ERROR);
    } else if (frame instanceof PingWebSocketFrame) {
      onPing(frame.content());
    } else if (!(frame instanceof PongWebSocketFrame)) {
      onPart(frame);
    }
  }

  /** RFC 7692, section 6: the first frame of a message says it, and no other. */
  private static boolean maySayDeflated(WebSocketFrame frame) {
    return frame.rsv() == DEFLATED
        && (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame);
  }

  /** The decoder has seen to it that fragments follow each other as they must. */
  private void onPart(WebSocketFrame frame) {
    ByteBuf part = frame.content();
    int before = begun == null ? 0 : begun.length();
    if (before + part.readableBytes() > loop.maxMessageBytes()) {
      onTooBig();
    } else if (frame.isFinalFragment() && begun == null) {
      onMessage(
          ByteBufUtil.getBytes(part), frame instanceof TextWebSocketFrame, frame.rsv() == DEFLATED);
    } else {
      if (!(frame instanceof ContinuationWebSocketFrame)) {
        begun = new Fragments(frame instanceof TextWebSocketFrame, frame.rsv() == DEFLATED);
      }
      begun.add(part);
      if (frame.isFinalFragment()) {
        Fragments whole = begun;
        begun = null;
        onMessage(whole.whole(), whole.isText(), whole.isDeflated());
      }
    }
  }

  private void onMessage(byte[] sent, boolean isText, boolean isDeflated) {
    byte[] message = sent;
    if (isDeflated) {
      try {
        message = loop.deflation().inflated(sent, loop.maxMessageBytes());
      } catch (Deflation.BadDeflationException e) {
        if (e.code() == CloseCode.MESSAGE_TOO_BIG) {
          onTooBig();
        } else {
          onViolation(e.code());
        }
        return;
      }
    }
    if (isText && !ByteBufUtil.isText(Unpooled.wrappedBuffer(message), StandardCharsets.UTF_8)) {
      onViolation(CloseCode.INVALID_UTF8);
    } else {
      listener.onMessage(message, isText);
    }
  }

  /** Of several pings only the newest must be answered, so that a peer that asks and does not read costs nothing. */
  private void onPing(ByteBuf payload) {
    byte[] same = ByteBufUtil.getBytes(payload);
    if (isWritable()) {
      outlet.write(Framing.pong(same));
    } else {
      owedPong = same;
    }
  }

  private void onPeerCloses(ByteBuf body) {
    if (phase == Phase.CLOSING) {
      context.close();
      return;
    }
    int code = body.readableBytes() < 2 ? NO_CODE : body.getUnsignedShort(body.readerIndex());
    if (code != NO_CODE && !mayBeSaid(code)) {
      onViolation(CloseCode.PROTOCOL_ERROR);
    } else if (body.readableBytes() > 2
        && !ByteBufUtil.isText(
            body, body.readerIndex() + 2, body.readableBytes() - 2, StandardCharsets.UTF_8)) {
      onViolation(CloseCode.INVALID_UTF8);
    } else {
      int answer = listener.goodbyeTo(code);
      sayGoodbye(answer, listener.reasonOfGoodbye()).addListener(ChannelFutureListener.CLOSE);
      tellClosed();
    }
  }

  /** RFC 6455, section 7.4, with what IANA has added since. */
  private static boolean mayBeSaid(int code) {
    return (code >= 1_000 && code <= 1_003)
        || (code >= 1_007 && code <= 1_014)
        || (code >= 3_000 && code <= 4_999);
  }

  /**
   * The peer still speaks in frames, so its goodbye is waited for. Were our side ended at once, a proxy would take that for the end of
   * both and reset the peer's connection while it sends, and the reason would be lost with it.
   */
  private void onTooBig() {
    begun = null;
    if (phase == Phase.OPEN) {
      listener.onViolation(CloseCode.MESSAGE_TOO_BIG);
    }
  }

  private void onViolation(CloseCode code) {
    isBroken = true;
    begun = null;
    // It would go on to count frames in what is nothing but bytes now.
    if (context.pipeline().get(BoundedFrameDecoder.class) != null) {
      context.pipeline().remove(BoundedFrameDecoder.class);
    }
    if (phase == Phase.CLOSING) {
      endOurSide();
    } else {
      listener.onViolation(code);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext from) {
    if (phase == Phase.OPEN && isWritable()) {
      if (owedPong != null) {
        byte[] payload = owedPong;
        owedPong = null;
        outlet.write(Framing.pong(payload));
      }
      loop.dispatch(listener::onDrained);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext from, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      // The peer says no more, not even a goodbye; what it asked before is answered as far as it
      // is.
      context.flush();
      context.close();
    } else if (event == BoundedFrameDecoder.TOO_LONG) {
      loop.dispatch(this::onTooBig);
    } else if (event instanceof ShutdownEvent && phase == Phase.OPEN) {
      loop.dispatch(listener::onShutdown);
    } else {
      ReferenceCountUtil.release(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
    if (cause instanceof CorruptedWebSocketFrameException corrupted) {
      LOG.debug("A peer broke the rules: {}", cause.getMessage());
      loop.dispatch(() -> onViolation(
          CloseCode.of(corrupted.closeStatus().code()).orElse(CloseCode.PROTOCOL_ERROR)));
    } else if (cause instanceof IOException) {
      LOG.debug("A socket broke: {}", cause.getMessage());
      context.close();
    } else {
      LOG.error("A bug met a socket", cause);
      context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext from) {
    phase = Phase.OVER;
    begun = null;
    owedPong = null;
    if (goodbyeDeadline != null) {
      goodbyeDeadline.cancel();
    }
    loop.dispatch(() -> {
      tellClosed();
      release.run();
    });
  }

  private void tellClosed() {
    if (!isTold) {
      isTold = true;
      listener.onClosed();
    }
  }
}
