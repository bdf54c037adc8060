package io.madang.gateway.edge.websocket.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * The way of bytes into one channel. What is written leaves in the order of the calls: it goes into the channel's own buffer at
 * once and to the network at the end of the turn. On the channel's loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty hands back the very promise that it was given
public final class Outlet {
  private final SocketLoop loop;

  /** Where it writes; null before the handler that it belongs to is added. */
  private ChannelHandlerContext context;

  /** Whether it waits for the end of the turn to be flushed. */
  private boolean isDirty;

  private int unflushedBytes;

  /** What was ever put into the channel's buffer, as the buffer counts it. */
  private long handedBytes;

  public Outlet(SocketLoop loop) {
    this.loop = loop;
  }

  /** From now on it can be written to. */
  public void opensInto(ChannelHandlerContext handler) {
    context = handler;
  }

  /** Takes over the reference to the bytes. */
  public void write(ByteBuf bytes) {
    long before = queuedBytes();
    context.write(bytes, context.voidPromise());
    long more = queuedBytes() - before;
    handedBytes += more;
    unflushedBytes += (int) more;
    if (!isDirty) {
      isDirty = true;
      loop.wrote(this);
    }
    if (unflushedBytes > loop.eagerBytes()) {
      unflushedBytes = 0;
      context.flush();
    }
  }

  /** Writes at once, with all that waits for the end of the turn; the answer comes when the network has it. */
  public ChannelFuture writeNow(ByteBuf bytes) {
    long before = queuedBytes();
    ChannelFuture written = context.write(bytes);
    handedBytes += queuedBytes() - before;
    context.flush();
    return written;
  }

  /** Puts out what was written in this turn. */
  void flush() {
    isDirty = false;
    unflushedBytes = 0;
    context.flush();
  }

  /** Bytes handed over that the network has not taken, as much as they cost. */
  public long queuedBytes() {
    ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  /** Bytes that the network has ever taken: changes exactly when the peer reads. */
  public long takenBytes() {
    ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
    return buffer == null
        ? handedBytes
        : handedBytes - buffer.totalPendingWriteBytes() + buffer.currentProgress();
  }

  /** Whether no more waits for the network than may. */
  public boolean isWritable() {
    return context.channel().isWritable();
  }
}
