package io.madang.gateway.edge.websocket.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;

/**
 * Copies the parts of request bodies to where the garbage collector has them. Vert.x keeps what comes behind a request that is not
 * answered yet, and lets go of it without a word when the connection ends: in pooled memory that would be lost for good, to
 * whoever sends requests without waiting and leaves.
 */
@Sharable
final class HeapBodies extends ChannelInboundHandlerAdapter {
  static final HeapBodies INSTANCE = new HeapBodies();

  private HeapBodies() {}

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof HttpContent part) || !part.content().isReadable()) {
      context.fireChannelRead(message);
      return;
    }
    HttpContent onHeap;
    try {
      ByteBuf copy = Unpooled.wrappedBuffer(ByteBufUtil.getBytes(part.content()));
      onHeap = part.replace(copy);
    } finally {
      part.release();
    }
    context.fireChannelRead(onHeap);
  }
}
