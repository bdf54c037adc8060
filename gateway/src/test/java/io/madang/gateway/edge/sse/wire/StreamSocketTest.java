package io.madang.gateway.edge.sse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.edge.websocket.wire.SocketLoop;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
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
class StreamSocketTest {
  private static final Topic A = Topic.parse("log:a");
  private static final Topic B = Topic.parse("log:b");

  private final Queue<Runnable> laterInTheTurn = new ArrayDeque<>();
  private final SocketLoop loop = new SocketLoop(
      laterInTheTurn::add,
      Runnable::run,
      new DeadlineWheel(0),
      () -> 0L,
      1_000,
      4_000,
      1_000,
      Duration.ofSeconds(5),
      () -> {});
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

  private Peer peer(Topic... topics) {
    Peer peer = new Peer(List.of(topics));
    peers.add(peer);
    return peer;
  }

  private static Bundle bundle(long from, long to) {
    return new Bundle(
        A,
        LongStream.rangeClosed(from, to)
            .mapToObj(offset -> new SharedPublication(Publication.log(
                A,
                "e",
                new StreamPosition("e1", offset),
                offset - 1,
                0,
                Payload.ofJson(Long.toString(offset)))))
            .toList());
  }

  /** Which counts who holds the events, whichever duplicate of it that is. */
  private static ByteBuf root(SharedEvents events) {
    ByteBuf one = events.oneMore();
    ByteBuf innermost = one;
    while (innermost.unwrap() != null) {
      innermost = innermost.unwrap();
    }
    one.release();
    return innermost;
  }

  /** The far end of a channel in memory, which gets no chunks. */
  private final class Peer implements StreamListener {
    private final List<String> told = new ArrayList<>();
    private final Positions positions;
    private final StreamSocket socket;
    private final EmbeddedChannel channel;

    Peer(List<Topic> topics) {
      positions = new Positions(topics);
      socket = new StreamSocket(loop, this, false, positions, () -> told.add("released"));
      channel = new EmbeddedChannel(socket);
    }

    private String heard() {
      StringBuilder heard = new StringBuilder();
      for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
        heard.append(part.toString(StandardCharsets.UTF_8));
        part.release();
      }
      return heard.toString();
    }

    private List<String> ids() {
      return heard().lines().filter(line -> line.startsWith("id: ")).toList();
    }

    @Override
    public void onDrained() {
      told.add("drained");
    }

    @Override
    public void onShutdown() {
      told.add("shutdown");
    }

    @Override
    public void onClosed() {
      told.add("closed");
    }
  }

  @Nested
  class What_a_topic_brings_in_a_turn {
    @Test
    void is_the_same_bytes_for_all_streams_that_have_no_other_topic() {
      Bundle bundle = bundle(1, 3);
      SharedEvents events = bundle.in(SharedEvents.encoding(false));
      ByteBuf root = root(events);
      List<Peer> all = List.of(peer(A), peer(A), peer(A));
      all.forEach(peer -> peer.socket.bundle(bundle));
      events.release();
      assertThat(root.refCnt()).isPositive();
      endTurn();

      assertThat(all.stream().map(Peer::heard).distinct()).hasSize(1);
      assertThat(all).allMatch(peer -> peer.positions.of(A).orElseThrow().offset() == 3);
      assertThat(root.refCnt()).isZero();
    }

    @Test
    void has_an_id_for_each_event_that_moves_the_client_on() {
      Bundle bundle = bundle(1, 3);
      Peer alone = peer(A);
      Peer both = peer(A, B);
      both.positions.moveTo(B, new StreamPosition("e2", 9));
      alone.socket.bundle(bundle);
      both.socket.bundle(bundle);
      bundle.in(SharedEvents.encoding(false)).release();
      endTurn();

      assertThat(alone.ids()).hasSize(3).allMatch(id -> id.endsWith(":e1"));
      assertThat(both.ids()).hasSize(3).allMatch(id -> id.endsWith(":9:e2"));
    }

    @Test
    void is_given_back_by_a_stream_that_is_over() {
      Bundle bundle = bundle(1, 3);
      SharedEvents events = bundle.in(SharedEvents.encoding(false));
      ByteBuf root = root(events);
      Peer over = peer(A);
      over.channel.finishAndReleaseAll();
      over.socket.bundle(bundle);
      Peer cut = peer(A);
      cut.socket.bundle(bundle);
      cut.socket.cut();
      endTurn();
      events.release();

      assertThat(root.refCnt()).isZero();
      assertThat(over.told).containsExactly("closed", "released");
      assertThat(cut.told).containsExactly("closed", "released");
    }
  }

  @Nested
  class At_the_end {
    @Test
    void nothing_more_is_said_and_the_channel_is_closed() {
      Peer peer = peer(A);
      peer.socket.end(Duration.ofMillis(120), "disconnect", new byte[] {'{', '}'});
      peer.socket.event("late", new byte[] {'1'});
      peer.socket.retryAfter(Duration.ZERO);
      endTurn();

      assertThat(peer.heard()).isEqualTo("retry: 120\n\nevent: disconnect\ndata: {}\n\n");
      assertThat(peer.channel.isOpen()).isFalse();
      assertThat(peer.told).containsExactly("closed", "released");
    }
  }

  @Nested
  class A_heartbeat {
    @Test
    void is_known_when_the_network_has_it() {
      Peer peer = peer(A);
      peer.socket.heartbeat(() -> peer.told.add("taken"));

      assertThat(peer.heard()).isEqualTo(":\n\n");
      assertThat(peer.told).containsExactly("taken");
    }
  }
}
