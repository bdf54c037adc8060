package io.madang.gateway.edge.websocket.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BoundedFrameDecoderTest {
  private static final int MAX_PAYLOAD_BYTES = 1_000;
  private static final int CONTINUATION = 0x0;
  private static final int TEXT = 0x1;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int FINAL = 0x80;

  private final List<String> told = new ArrayList<>();
  private final EmbeddedChannel channel = new EmbeddedChannel(
      new BoundedFrameDecoder(WebSocketDecoderConfig.newBuilder()
          .maxFramePayloadLength(MAX_PAYLOAD_BYTES)
          .closeOnProtocolViolation(false)
          .build()),
      new Listener());

  private final ByteBuf sent = Unpooled.buffer();

  @AfterEach
  void release() {
    sent.release();
    channel.finishAndReleaseAll();
  }

  /** Says frames by kind and length. */
  private final class Listener extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
      WebSocketFrame frame = (WebSocketFrame) message;
      told.add(frame.getClass().getSimpleName().replace("WebSocketFrame", "") + " "
          + frame.content().readableBytes());
      frame.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
      told.add(event == BoundedFrameDecoder.TOO_LONG ? "too long" : "" + event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
      told.add(
          cause instanceof CorruptedWebSocketFrameException corrupted
              ? "broken " + corrupted.closeStatus().code()
              : "" + cause);
    }
  }

  private void frame(int first, int length) {
    header(first, length);
    sent.writeZero(length);
  }

  /** A frame's beginning, with a mask of zeros. */
  private void header(int first, long length) {
    sent.writeByte(first);
    if (length < 126) {
      sent.writeByte(0x80 | (int) length);
    } else if (length <= 0xFFFF) {
      sent.writeByte(0x80 | 126).writeShort((int) length);
    } else {
      sent.writeByte(0x80 | 127).writeLong(length);
    }
    sent.writeInt(0);
  }

  private void goodbye() {
    header(FINAL | CLOSE, 2);
    sent.writeShort(1_009);
  }

  private void arrive(int atOnce) {
    while (sent.isReadable()) {
      channel.writeInbound(
          Unpooled.copiedBuffer(sent.readSlice(Math.min(atOnce, sent.readableBytes()))));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 13, 1_000, 1_000_000})
  void what_is_too_long_is_told_once_and_left_out_up_to_the_goodbye(int atOnce) {
    frame(FINAL | TEXT, MAX_PAYLOAD_BYTES);
    frame(FINAL | TEXT, MAX_PAYLOAD_BYTES + 1);
    frame(FINAL | PING, 5);
    frame(FINAL | TEXT, 0);
    frame(FINAL | TEXT, 70_000);
    goodbye();
    frame(FINAL | TEXT, 70_000);
    arrive(atOnce);

    assertThat(told).containsExactly("Text " + MAX_PAYLOAD_BYTES, "too long", "Ping 5", "Close 2");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1_000_000})
  void so_are_the_parts_of_a_message(int atOnce) {
    frame(TEXT, 10);
    frame(CONTINUATION, MAX_PAYLOAD_BYTES + 1);
    frame(CONTINUATION, 1);
    frame(FINAL | CONTINUATION, 2);
    frame(FINAL | TEXT, 3);
    goodbye();
    arrive(atOnce);

    assertThat(told).containsExactly("Text 10", "too long", "Close 2");
  }

  @ParameterizedTest
  @ValueSource(longs = {MAX_PAYLOAD_BYTES + 1, 0x1_0000, 0x1_0000_0000L, Long.MAX_VALUE})
  void it_is_told_before_its_payload_has_come_and_nothing_of_it_is_kept(long length) {
    header(FINAL | TEXT, length);
    sent.writeZero(900);
    arrive(100);

    assertThat(told).containsExactly("too long");
    assertThat(channel.pipeline().get(BoundedFrameDecoder.class))
        .extracting("cumulation")
        .isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Not masked, a reserved bit, a reserved opcode, a control frame that is long.
        "81 7e ffff",
        "c1 fe ffff 00000000",
        "83 fe ffff 00000000",
        "89 fe ffff 00000000",
        // Said in more bytes than it needs, and a negative length.
        "81 ff 000000000000ffff 00000000",
        "81 ff ffffffffffffffff 00000000"
      })
  void what_breaks_another_rule_as_well_is_broken(String header) {
    sent.writeBytes(HexFormat.of().parseHex(header.replace(" ", "")));
    arrive(1_000);

    assertThat(told).containsExactly("broken 1002");
  }
}
