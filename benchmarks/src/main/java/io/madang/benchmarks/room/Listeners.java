package io.madang.benchmarks.room;

import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Publication;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * The connections that hear the room. They are opened one after the other by whoever asks, then read by one thread with one
 * selector, since the generator shares the machine with what it measures. A publication is the same bytes for all: the first
 * connection decodes it, the others compare.
 */
final class Listeners implements AutoCloseable {
  private static final int OPEN_LIMIT_MS = 10_000;
  private static final int READ_BYTES = 64 * 1024;

  /** A connection that says nothing for longer is closed by the gateway. */
  private static final Duration PING_EVERY = Duration.ofSeconds(10);

  private final FrameCodec codec = new FrameCodec();
  private final Selector selector;
  private final SentMessages sent;
  private final List<DeliveryCheck> checks = new ArrayList<>();
  private final List<SocketChannel> channels = new ArrayList<>();

  /** Publications by offset, as the first connection heard them. */
  private final Map<Long, Known> known = new HashMap<>();

  /** Latencies of measured deliveries in microseconds, from when the message was due. */
  private final Histogram latencies = new Histogram(60_000_000L, 3);

  private final ByteBuffer reading = ByteBuffer.allocateDirect(READ_BYTES);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Deliveries of the load's messages so far; written by the reading thread. */
  private final AtomicLong deliveries = new AtomicLong();

  /** First message that is measured; none while the value is the highest. */
  private volatile int measuredFrom = Integer.MAX_VALUE;

  /** When the last measured delivery came; written by the reading thread. */
  private volatile long lastNanos;

  private volatile boolean stopping;

  /** Publications whose bytes differ from what another connection heard at their offset. */
  private long differing;

  /** One publication: its bytes and what they say. */
  private static final class Known {
    private final byte[] frame;
    private final long offset;
    private final long prev;

    /** Of the load's message; -1 for anything else. */
    private final int number;

    Known(byte[] frame, long offset, long prev, int number) {
      this.frame = frame;
      this.offset = offset;
      this.prev = prev;
      this.number = number;
    }

    boolean is(byte[] buffer, int from, int to) {
      return Arrays.equals(frame, 0, frame.length, buffer, from, to);
    }
  }

  Listeners(SentMessages sent) throws IOException {
    this.sent = sent;
    this.selector = Selector.open();
  }

  /** Connects, signs in and subscribes; returns when the gateway has answered. */
  void open(InetSocketAddress gateway, String token, String topic) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channels.add(channel);
    channel.socket().connect(gateway, OPEN_LIMIT_MS);
    channel.socket().setTcpNoDelay(true);
    channel.socket().setSoTimeout(OPEN_LIMIT_MS);
    shakeHands(channel, gateway);
    SocketFrames frames = new SocketFrames();
    send(channel, new ClientFrame.Connect(1, Optional.of(token)));
    send(channel, new ClientFrame.Subscribe(2, topic, Optional.empty()));
    DeliveryCheck check = awaitSubscribed(channel, frames);
    checks.add(check);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, new One(check, frames));
  }

  private static void shakeHands(SocketChannel channel, InetSocketAddress gateway)
      throws IOException {
    String request = "GET /ws HTTP/1.1\r\nHost: " + gateway.getHostString() + ":"
        + gateway.getPort()
        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Protocol: madang.v1\r\nSec-WebSocket-Key: bWFkYW5nLW1hZGFuZy0xMg==\r\n\r\n";
    write(channel, request.getBytes(StandardCharsets.US_ASCII));
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      int next = channel.socket().getInputStream().read();
      if (next < 0) {
        throw new IOException("the gateway hung up at the handshake");
      }
      answer.append((char) next);
    }
    if (!answer.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException(
          "the gateway refused a connection: " + answer.toString().strip());
    }
  }

  private DeliveryCheck awaitSubscribed(SocketChannel channel, SocketFrames frames)
      throws IOException {
    Opening opening = new Opening();
    byte[] bytes = new byte[READ_BYTES];
    while (opening.check == null) {
      int count = channel.socket().getInputStream().read(bytes);
      if (count < 0) {
        throw new IOException("the gateway hung up before it had answered");
      }
      frames.take(ByteBuffer.wrap(bytes, 0, count), opening);
    }
    return opening.check;
  }

  /** A connection until its subscription is answered; what comes behind the answer in the same bytes counts already. */
  private final class Opening implements SocketFrames.Messages {
    /** Null until the answer is there. */
    private DeliveryCheck check;

    @Override
    public void message(byte[] buffer, int from, int to) {
      ServerFrame frame = decode(buffer, from, to);
      if (frame instanceof ServerFrame.Subscribed subscribed) {
        check = new DeliveryCheck(subscribed.topic().position().offset());
      } else if (frame instanceof ServerFrame.Error error) {
        throw new IllegalStateException("the gateway refused: " + error.failure());
      } else if (frame instanceof Publication publication && publication.place().isPresent()) {
        Known first = knownAs(publication, Arrays.copyOfRange(buffer, from, to));
        check.heard(first.offset, first.prev, first.number);
      }
    }
  }

  /** Messages from this number on are measured; called before any of them is sent. */
  void measureFrom(int number) {
    measuredFrom = number;
  }

  /** Begins to read. */
  void start() {
    Thread thread = new Thread(this::read, "listeners");
    thread.setDaemon(true);
    thread.start();
  }

  private void read() {
    long nextPing = System.nanoTime() + PING_EVERY.toNanos();
    try {
      while (!stopping) {
        selector.select(this::onReady, 100);
        if (System.nanoTime() - nextPing > 0) {
          nextPing += PING_EVERY.toNanos();
          for (SocketChannel channel : channels) {
            send(channel, new ClientFrame.Ping(ClientFrame.NO_REF));
          }
        }
      }
      ended.complete(null);
    } catch (IOException | RuntimeException e) {
      ended.completeExceptionally(e);
    }
  }

  private void onReady(SelectionKey key) {
    One one = (One) key.attachment();
    reading.clear();
    try {
      if (((SocketChannel) key.channel()).read(reading) < 0) {
        throw new IOException("the gateway hung up");
      }
      one.frames.take(reading.flip(), one);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One connection. */
  private final class One implements SocketFrames.Messages {
    private final DeliveryCheck check;
    private final SocketFrames frames;

    One(DeliveryCheck check, SocketFrames frames) {
      this.check = check;
      this.frames = frames;
    }

    @Override
    public void message(byte[] buffer, int from, int to) {
      Known next = known.get(check.last() + 1);
      if (next != null && next.is(buffer, from, to)) {
        onKnown(next);
      } else if (decode(buffer, from, to) instanceof Publication publication
          && publication.place().isPresent()) {
        onKnown(knownAs(publication, Arrays.copyOfRange(buffer, from, to)));
      }
    }

    private void onKnown(Known publication) {
      check.heard(publication.offset, publication.prev, publication.number);
      if (publication.number >= 0) {
        deliveries.incrementAndGet();
        if (publication.number >= measuredFrom) {
          long now = System.nanoTime();
          lastNanos = now;
          long micros = (now - sent.dueNanos(publication.number)) / 1_000;
          latencies.recordValue(
              Math.max(0, Math.min(micros, latencies.getHighestTrackableValue())));
        }
      }
    }
  }

  private Known knownAs(Publication publication, byte[] frame) {
    long offset = publication.place().orElseThrow().offset();
    Known mine = new Known(
        frame,
        offset,
        publication.place().get().prev(),
        publication.command().map(SentMessages::number).orElse(-1));
    Known before = known.putIfAbsent(offset, mine);
    if (before != null && !Arrays.equals(before.frame, frame)) {
      differing++;
    }
    return mine;
  }

  private ServerFrame decode(byte[] buffer, int from, int to) {
    try {
      return codec.decodeServerFrame(Arrays.copyOfRange(buffer, from, to));
    } catch (BadFrameException e) {
      throw new IllegalStateException("the gateway sent a frame that is none", e);
    }
  }

  private void send(SocketChannel channel, ClientFrame frame) throws IOException {
    byte[] payload = codec.encode(frame);
    ByteBuffer bytes = ByteBuffer.allocate(payload.length + 8);
    bytes.put((byte) 0x81);
    if (payload.length < 126) {
      bytes.put((byte) (0x80 | payload.length));
    } else {
      bytes.put((byte) (0x80 | 126)).putShort((short) payload.length);
    }
    // A mask of zeros leaves the bytes as they are.
    bytes.putInt(0).put(payload).flip();
    write(channel, Arrays.copyOf(bytes.array(), bytes.limit()));
  }

  /** A few hundred bytes at a time, which the network takes at once unless the gateway does not read. */
  private static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      if (channel.write(rest) == 0) {
        throw new IOException("the gateway does not read");
      }
    }
  }

  long deliveries() {
    return deliveries.get();
  }

  long lastNanos() {
    return lastNanos;
  }

  /** Completes badly when a connection ended or something was said that nobody understands. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  /** Ends reading; afterwards what was heard may be looked at. */
  void stop() {
    stopping = true;
    selector.wakeup();
    ended.join();
  }

  List<DeliveryCheck> checks() {
    return checks;
  }

  Histogram latencies() {
    return latencies;
  }

  long differing() {
    return differing;
  }

  @Override
  public void close() throws IOException {
    stopping = true;
    selector.close();
    for (SocketChannel channel : channels) {
      channel.close();
    }
  }
}
