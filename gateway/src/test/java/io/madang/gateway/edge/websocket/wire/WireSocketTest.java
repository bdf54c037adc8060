package io.madang.gateway.edge.websocket.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.protocol.code.CloseCode;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WireSocketTest {
  private static final int LAGGING_BYTES = 4_000;
  private static final Topic TOPIC = Topic.parse("log:a");

  private final Queue<Runnable> laterInTheTurn = new ArrayDeque<>();
  private final DeadlineWheel deadlines = new DeadlineWheel(0);
  private long nowMs;
  private int turns;
  private final SocketLoop loop = new SocketLoop(
      laterInTheTurn::add,
      Runnable::run,
      deadlines,
      () -> nowMs,
      1_000,
      LAGGING_BYTES,
      LAGGING_BYTES / 4,
      Duration.ofSeconds(5),
      () -> turns++);
  private final List<Peer> peers = new ArrayList<>();

  @AfterEach
  void end() {
    peers.forEach(peer -> peer.channel.finishAndReleaseAll());
  }

  private void endTurn() {
    while (!laterInTheTurn.isEmpty()) {
      laterInTheTurn.remove().run();
    }
  }

  private Peer peer() {
    Peer peer = new Peer();
    peers.add(peer);
    return peer;
  }

  private static Bundle bundle(long from, long to) {
    return new Bundle(
        TOPIC,
        LongStream.rangeClosed(from, to)
            .mapToObj(offset -> new SharedPublication(Publication.log(
                TOPIC,
                "e",
                new StreamPosition("e1", offset),
                offset - 1,
                0,
                Payload.ofJson(Long.toString(offset)))))
            .toList());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The far end of a channel in memory, with what its socket told. */
  private final class Peer implements WireListener {
    private final List<String> told = new ArrayList<>();
    private final WireSocket socket = new WireSocket(loop, false, () -> told.add("released"));
    private int flushes;

    private final EmbeddedChannel channel = new EmbeddedChannel(
        new ChannelOutboundHandlerAdapter() {
          @Override
          public void flush(ChannelHandlerContext context) {
            flushes++;
            context.flush();
          }
        },
        socket);

    Peer() {
      channel.config().setWriteBufferWaterMark(loop.waterMark());
      socket.heardBy(this);
    }

    /** All that the network was given, frame by frame: the payload of texts and pongs, the code of closes. */
    private List<String> heard() {
      List<String> heard = new ArrayList<>();
      for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
        while (part.isReadable()) {
          int opcode = part.readByte() & 0x0F;
          int length = part.readByte();
          if (length == 126) {
            length = part.readUnsignedShort();
          }
          ByteBuf payload = part.readSlice(length);
          heard.add(
              opcode == 0x8
                  ? "close " + payload.readUnsignedShort()
                  : payload.toString(StandardCharsets.UTF_8));
        }
        part.release();
      }
      return heard;
    }

    @Override
    public void onMessage(byte[] message, boolean isText) {
      told.add(new String(message, StandardCharsets.UTF_8));
    }

    @Override
    public void onHeard() {}

    @Override
    public void onViolation(CloseCode code) {
      socket.close(code.code(), code.reason());
    }

    @Override
    public void onDrained() {
      told.add("drained");
    }

    @Override
    public void onShutdown() {}

    @Override
    public void onClosed() {
      told.add("closed");
    }
  }

  @Nested
  class What_is_written_in_a_turn {
    @Test
    void leaves_once_at_its_end_in_the_order_of_the_calls() {
      Peer peer = peer();
      Bundle first = bundle(1, 2);
      Bundle second = bundle(3, 3);
      peer.socket.text(utf8("reply 1"));
      peer.socket.bundle(first);
      peer.socket.text(utf8("reply 2"));
      peer.socket.bundle(second);
      peer.socket.text(utf8("reply 3"));
      release(first, second);
      assertThat(peer.heard()).isEmpty();
      endTurn();

      List<String> heard = peer.heard();
      assertThat(heard).hasSize(6);
      assertThat(heard.get(0)).isEqualTo("reply 1");
      assertThat(heard.get(1)).contains("\"offset\":1,");
      assertThat(heard.get(2)).contains("\"offset\":2,");
      assertThat(heard.get(3)).isEqualTo("reply 2");
      assertThat(heard.get(4)).contains("\"offset\":3,");
      assertThat(heard.get(5)).isEqualTo("reply 3");
      assertThat(peer.flushes).isEqualTo(1);
      assertThat(turns).isEqualTo(1);
    }

    @Test
    void costs_one_flush_for_each_socket_that_wrote_and_none_for_others() {
      List<Peer> writing = List.of(peer(), peer(), peer());
      Peer quiet = peer();
      for (int i = 0; i < 10; i++) {
        writing.forEach(peer -> peer.socket.text(utf8("x")));
      }
      endTurn();

      assertThat(writing).allMatch(peer -> peer.flushes == 1 && peer.heard().size() == 10);
      assertThat(quiet.flushes).isZero();
      assertThat(turns).isEqualTo(1);
      assertThat(laterInTheTurn).isEmpty();
    }

    @Test
    void leaves_earlier_if_it_is_much() {
      Peer peer = peer();
      peer.socket.text(new byte[loop.eagerBytes()]);

      assertThat(peer.flushes).isEqualTo(1);
      assertThat(peer.heard()).hasSize(1);
    }
  }

  private static void release(Bundle... bundles) {
    for (Bundle bundle : bundles) {
      bundle.in(NativeFrames.PLAIN).release();
    }
  }

  @Nested
  class Frames_that_sockets_share {
    private final Bundle bundle = bundle(1, 3);
    private final NativeFrames frames = bundle.in(NativeFrames.PLAIN);
    private final ByteBuf root;

    Frames_that_sockets_share() {
      ByteBuf one = frames.oneMore();
      ByteBuf innermost = one;
      while (innermost.unwrap() != null) {
        innermost = innermost.unwrap();
      }
      root = innermost;
      one.release();
    }

    @Test
    void are_made_once() {
      assertThat(bundle.in(NativeFrames.PLAIN)).isSameAs(frames);
      frames.release();
    }

    @Test
    void are_given_back_when_every_network_has_them() {
      for (int i = 0; i < 5; i++) {
        peer().socket.bundle(bundle);
      }
      frames.release();
      assertThat(root.refCnt()).isPositive();
      endTurn();
      peers.forEach(peer -> assertThat(peer.heard()).hasSize(3));

      assertThat(root.refCnt()).isZero();
    }

    @Test
    void are_given_back_by_sockets_that_end_before() {
      Peer cut = peer();
      Peer gone = peer();
      Peer closing = peer();
      Peer over = peer();
      over.channel.finishAndReleaseAll();
      closing.socket.close(1000, "");
      cut.socket.bundle(bundle);
      gone.socket.bundle(bundle);
      closing.socket.bundle(bundle);
      over.socket.bundle(bundle);
      frames.release();
      cut.socket.cut();
      gone.channel.finishAndReleaseAll();
      endTurn();
      cut.heard();
      gone.heard();

      assertThat(root.refCnt()).isZero();
      assertThat(closing.heard()).containsExactly("close 1000");
    }
  }

  @Nested
  class A_peer_that_does_not_read {

    @Test
    void is_counted_in_bytes() {
      Peer stalled = peer();
      stalled.socket.text(new byte[300]);
      stalled.socket.text(new byte[300]);
      long waiting = stalled.socket.queuedBytes();
      assertThat(waiting).isBetween(600L, 1_000L);
      assertThat(stalled.socket.takenBytes()).isZero();
      endTurn();

      assertThat(stalled.socket.queuedBytes()).isZero();
      assertThat(stalled.socket.takenBytes()).isEqualTo(waiting);
    }

    @Test
    void is_owed_one_pong_however_often_it_asked() {
      Peer stalled = peer();
      stalled.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
      for (int i = 0; i < 100; i++) {
        stalled.channel.writeInbound(new PingWebSocketFrame(Unpooled.copiedBuffer(utf8("" + i))));
      }
      endTurn();
      assertThat(stalled.heard()).isEmpty();
      stalled.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
      stalled.channel.runPendingTasks();
      endTurn();

      assertThat(stalled.heard()).containsExactly("99");
      assertThat(stalled.told).containsExactly("drained");
    }

    @Test
    void is_cut_when_the_time_for_a_goodbye_is_over() {
      Peer stalled = peer();
      stalled.socket.close(4000, "slow consumer");
      nowMs = 4_900;
      deadlines.advance(nowMs);
      assertThat(stalled.channel.isOpen()).isTrue();
      nowMs = 5_500;
      deadlines.advance(nowMs);

      assertThat(stalled.channel.isOpen()).isFalse();
      assertThat(stalled.told).containsExactly("closed", "released");
    }
  }

  @Nested
  class A_socket_that_ends {
    @Test
    void tells_it_once_and_says_nothing_more() {
      Peer peer = peer();
      peer.socket.close(1012, "restarting");
      peer.socket.close(1000, "");
      peer.socket.text(utf8("late"));
      peer.socket.ping();
      endTurn();
      peer.socket.cut();
      peer.socket.cut();

      assertThat(peer.heard()).containsExactly("close 1012");
      assertThat(peer.told).containsExactly("closed", "released");
      assertThat(peer.socket.queuedBytes()).isZero();
    }
  }
}
