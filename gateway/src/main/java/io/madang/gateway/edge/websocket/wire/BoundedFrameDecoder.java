package io.madang.gateway.edge.websocket.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.List;

/**
 * Netty's decoder of frames, which loses its place at a data frame that is too long. This one tells of it as {@link #TOO_LONG}, once
 * and before its payload has come, keeps nothing of it and of the data frames behind it, and goes on with the control frames: so that
 * a peer that says too much can still be closed in order.
 */
final class BoundedFrameDecoder extends WebSocket13FrameDecoder {
  /** Told as an event of the channel, in order with the frames. */
  static final Object TOO_LONG = new Object() {
    @Override
    public String toString() {
      return "a data frame that is too long";
    }
  };

  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;
  private static final int MASK_BYTES = 4;
  private static final int LONGEST_HEADER = 2 + 8 + MASK_BYTES;

  private final int maxPayloadBytes;
  private final boolean mayHaveReservedBits;

  private boolean isBetweenFrames = true;
  private boolean isRefusing;
  private long toSkip;

  BoundedFrameDecoder(WebSocketDecoderConfig config) {
    super(config);
    this.maxPayloadBytes = config.maxFramePayloadLength();
    this.mayHaveReservedBits = config.allowExtensions();
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (isBetweenFrames && toSkip == 0) {
      if (!hasLength(in)) {
        return;
      }
      long length = payloadLength(in);
      if (isDataInOrder(in) && (length > maxPayloadBytes || (isRefusing && length >= 0))) {
        toSkip = headerBytes(in) + Math.min(length, Long.MAX_VALUE - LONGEST_HEADER);
        refuse(context);
      }
    }
    if (toSkip > 0) {
      int skipped = (int) Math.min(toSkip, in.readableBytes());
      in.skipBytes(skipped);
      toSkip -= skipped;
      return;
    }
    int before = out.size();
    super.decode(context, in, out);
    isBetweenFrames = out.size() > before;
  }

  private void refuse(ChannelHandlerContext context) {
    if (!isRefusing) {
      isRefusing = true;
      context.fireUserEventTriggered(TOO_LONG);
    }
  }

  private static int lengthCode(ByteBuf in) {
    return in.getByte(in.readerIndex() + 1) & 0x7F;
  }

  private static int lengthBytes(int lengthCode) {
    return lengthCode == TWO_BYTES ? 2 : lengthCode == EIGHT_BYTES ? 8 : 0;
  }

  private static boolean hasLength(ByteBuf in) {
    return in.readableBytes() >= 2 && in.readableBytes() >= 2 + lengthBytes(lengthCode(in));
  }

  private static int headerBytes(ByteBuf in) {
    return 2 + lengthBytes(lengthCode(in)) + MASK_BYTES;
  }

  /** Negative where it is not said as it must be. */
  private static long payloadLength(ByteBuf in) {
    int code = lengthCode(in);
    int at = in.readerIndex() + 2;
    if (code == EIGHT_BYTES) {
      long length = in.getLong(at);
      return length > 0xFFFF ? length : -1;
    }
    return code == TWO_BYTES ? in.getUnsignedShort(at) : code;
  }

  /** Whether that is a data frame against which nothing else is to be said: what else is, Netty's says. */
  private boolean isDataInOrder(ByteBuf in) {
    int first = in.getByte(in.readerIndex());
    boolean isMasked = in.getByte(in.readerIndex() + 1) < 0;
    return (first & 0x0F) <= 2 && isMasked && ((first & 0x70) == 0 || mayHaveReservedBits);
  }
}
