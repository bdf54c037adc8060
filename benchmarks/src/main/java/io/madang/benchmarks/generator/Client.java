package io.madang.benchmarks.generator;

import io.madang.benchmarks.hearing.FrameWalker;
import io.madang.benchmarks.hearing.Heard;
import io.madang.benchmarks.hearing.Ledger;
import io.madang.benchmarks.hearing.Piece;
import io.madang.benchmarks.hearing.Scan;
import io.madang.benchmarks.hearing.Subscription;
import io.madang.benchmarks.hearing.TopicLog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** One connection and what it heard. Touched by the thread of its {@link ClientLoop} only. */
final class Client implements FrameWalker.Frames {
  private static final byte[] NONE = {};
  private static final byte[] SWITCHED = Scan.ascii("HTTP/1.1 101");
  private static final byte[] END_OF_HEAD = Scan.ascii("\r\n\r\n");
  private static final String UPGRADE = """
      Host: 127.0.0.1
      Upgrade: websocket
      Connection: Upgrade
      Sec-WebSocket-Version: 13
      Sec-WebSocket-Key: bWFkYW5nLW1hZGFuZy0xMg==

      """.replace("\n", "\r\n");
  private static final int TEXT = 0x81;
  private static final int BINARY = 0x82;
  private static final int PONG = 0x8A;
  private static final int MASKED = 0x80;
  private static final int LAST_SHORT = 125;
  private static final int TWO_BYTES = 126;
  private static final int LITTLE = 512;

  /** How far it is. */
  enum Stage {
    CLOSED,
    CONNECTING,
    UPGRADING,
    GREETING,
    READY
  }

  private final ClientLoop loop;
  private final Ledger ledger;
  private final Group group;

  /** Its number among all clients of a run; the load knows senders by it. */
  private final int number;

  private final String token;
  private final InetSocketAddress own;

  /** By topic, in the order they were asked for. */
  private final Map<TopicLog, Subscription> subscriptions = new LinkedHashMap<>();

  /** That of the newest publication, as the next one is often of the same topic; null before the first. */
  private Subscription recent;

  private Stage stage = Stage.CLOSED;

  /** Null while there is no connection. */
  private SocketChannel channel;

  private SelectionKey key;

  /** The beginning of a frame whose end has not come. */
  private byte[] rest = NONE;

  /** Pieces of a message whose last one has not come. */
  private byte[] pieces = NONE;

  /** What the kernel did not take yet, ready to be added to; null when there is nothing. */
  private ByteBuffer unsent;

  /** Whether the loop will flush it. */
  private boolean dirty;

  /** Connections it had. */
  private int attempts;

  /** Of the request to resume that is not answered yet; 0 when there is none. */
  private long resumeRef;

  /** Whether it came back and does not stand yet where the others stood when its resume was answered. */
  private boolean behind;

  Client(ClientLoop loop, Group group, int number, String token, InetSocketAddress own) {
    this.loop = loop;
    this.ledger = loop.ledger();
    this.group = group;
    this.number = number;
    this.token = token;
    this.own = own;
  }

  int number() {
    return number;
  }

  Group group() {
    return group;
  }

  boolean isReady() {
    return stage == Stage.READY;
  }

  Collection<Subscription> subscriptions() {
    return subscriptions.values();
  }

  // Connecting.

  /** Begins to connect, to the next server of its group. */
  void connect() {
    InetSocketAddress server = group.servers().get(attempts % group.servers().size());
    attempts++;
    try {
      channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (group.receiveBuffer() > 0) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, group.receiveBuffer());
      }
      channel.bind(own);
      stage = Stage.CONNECTING;
      boolean connected = channel.connect(server);
      key = loop.register(channel, this);
      if (connected) {
        onConnected();
      }
    } catch (IOException e) {
      onEnd("cannot connect: " + e.getMessage());
    }
  }

  void onConnectable() {
    try {
      if (channel.finishConnect()) {
        onConnected();
      }
    } catch (IOException e) {
      onEnd("cannot connect: " + e.getMessage());
    }
  }

  private void onConnected() {
    stage = Stage.UPGRADING;
    key.interestOps(SelectionKey.OP_READ);
    append(Scan.ascii("GET " + group.door().path(number, token) + UPGRADE));
  }

  private void onUpgraded() {
    stage = Stage.GREETING;
    byte[] hello = group.door().hello(token);
    if (hello.length == 0) {
      onReady();
    } else {
      say(hello);
    }
  }

  /** The server knows who it is. */
  void onReady() {
    stage = Stage.READY;
    if (subscriptions.isEmpty() || !group.door().answers()) {
      loop.onReady(this);
    } else {
      resumeRef = loop.nextRef();
      say(group.door().resume(resumeRef, subscriptions.values()));
    }
  }

  /** The server said good-bye, and when to come back. */
  void onDisconnect(int afterMs) {
    loop.onDisconnectSaid(this, afterMs);
  }

  /** The connection is over. */
  void onEnd(String why) {
    stage = Stage.CLOSED;
    close();
    rest = NONE;
    pieces = NONE;
    unsent = null;
    resumeRef = 0;
    behind = false;
    loop.onEnd(this, why);
  }

  void close() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // Nothing more is wanted of it.
      }
      channel = null;
    }
  }

  /** Takes nothing from its socket until {@link #startReading()}. */
  void stopReading() {
    if (channel != null) {
      key.interestOps(key.interestOps() & ~SelectionKey.OP_READ);
    }
  }

  void startReading() {
    if (channel != null) {
      key.interestOps(key.interestOps() | SelectionKey.OP_READ);
    }
  }

  // Reading.

  /** Takes what came, into an array that has room for what one read brings. */
  void read(byte[] chunk) {
    int kept = rest.length;
    System.arraycopy(rest, 0, chunk, 0, kept);
    int count;
    try {
      count = channel.read(ByteBuffer.wrap(chunk, kept, chunk.length - kept));
    } catch (IOException e) {
      onEnd(e.getMessage());
      return;
    }
    if (count < 0) {
      onEnd("the server hung up");
      return;
    }
    int end = kept + count;
    int at = stage == Stage.UPGRADING ? upgrade(chunk, end) : 0;
    if (at >= 0 && stage != Stage.CLOSED) {
      at = FrameWalker.walk(chunk, at, end, this);
    }
    if (stage != Stage.CLOSED) {
      rest = at >= end ? NONE : Arrays.copyOfRange(chunk, Math.max(0, at), end);
    }
  }

  int kept() {
    return rest.length;
  }

  /** Where the frames begin; -1 when the head is not whole or says no. */
  private int upgrade(byte[] chunk, int end) {
    int at = Scan.findEnd(chunk, 0, end, END_OF_HEAD);
    if (at < 0) {
      return -1;
    }
    if (!Scan.startsWith(chunk, 0, end, SWITCHED)) {
      onEnd("the upgrade was refused: "
          + Scan.text(chunk, 0, Math.min(at, 200)).lines().toList());
      return -1;
    }
    onUpgraded();
    return at;
  }

  @Override
  public void message(byte[] bytes, int from, int to) {
    if (recent != null) {
      Heard next = recent.expected();
      if (next != null && next.is(bytes, from, to)) {
        recent.onExpected(next);
        onDelivery(next);
        return;
      }
    }
    group.door().onMessage(this, bytes, from, to);
  }

  private void onDelivery(Heard heard) {
    ledger.onDelivery(group.index(), heard);
    if (behind) {
      lookWhetherItIsThere();
    }
  }

  @Override
  public void fragment(byte[] bytes, int from, int to, boolean last) {
    int before = pieces.length;
    pieces = Arrays.copyOf(pieces, before + to - from);
    System.arraycopy(bytes, from, pieces, before, to - from);
    if (last) {
      byte[] whole = pieces;
      pieces = NONE;
      group.door().onMessage(this, whole, 0, whole.length);
    }
  }

  @Override
  public void control(int opcode, byte[] bytes, int from, int to) {
    if (opcode == FrameWalker.PING) {
      frame(PONG, Arrays.copyOfRange(bytes, from, to));
    } else if (opcode == FrameWalker.CLOSE) {
      onEnd(
          to - from >= 2
              ? "the server closed with " + FrameWalker.number(bytes, from, from + 2)
              : "the server closed");
    }
  }

  // What its door reads.

  /** The subscription of a topic; null when there is none. */
  Subscription subscription(byte[] bytes, int from, int to) {
    if (recent != null && subscriptions.size() == 1) {
      return recent;
    }
    return subscriptions.get(ledger.log(bytes, from, to));
  }

  /** The only subscription, which begins with this offset if there is none yet. */
  Subscription onlyOrBegin(String topic, long position) {
    if (recent == null) {
      recent =
          subscriptions.computeIfAbsent(ledger.log(topic), log -> new Subscription(log, position));
    }
    return recent;
  }

  /** Where a subscription begins, or from where it goes on. */
  Subscription onPosition(String topic, String epoch, long offset, boolean recovered) {
    TopicLog log = ledger.log(topic);
    log.stands(epoch, offset);
    Subscription subscription = subscriptions.get(log);
    if (subscription == null) {
      subscription = new Subscription(log, offset);
      subscriptions.put(log, subscription);
    } else if (!recovered) {
      onGap(subscription, offset);
    }
    recent = subscription;
    return subscription;
  }

  void onGap(Subscription subscription, long to) {
    subscription.check().beginAt(to);
    ledger.onGap();
  }

  /** A publication that is not the one expected next, or the first of its kind. */
  void onPublication(Subscription subscription, long offset, long prev, Piece piece) {
    recent = subscription;
    TopicLog log = subscription.log();
    Heard heard = log.find(offset);
    if (heard == null) {
      heard = ledger.firstHeard(log, offset, prev, piece);
    } else if (piece.differsFrom(heard)) {
      ledger.onDifferent();
    }
    if (subscription.onOther(offset, prev)) {
      onDelivery(heard);
    }
  }

  /** The answer to one of its requests. */
  void onAnswer(long ref, boolean good) {
    if (resumeRef == 0 || ref != resumeRef) {
      loop.onAnswer(this, ref, good);
    } else if (good) {
      resumeRef = 0;
      behind = true;
      subscriptions.values().forEach(Subscription::aimAtTheNewest);
      lookWhetherItIsThere();
    } else {
      onEnd("the resume was refused");
    }
  }

  private void lookWhetherItIsThere() {
    if (subscriptions.values().stream().allMatch(Subscription::hasReachedItsAim)) {
      behind = false;
      loop.onReady(this);
    }
  }

  void onRefused(String what) {
    ledger.onRefused(what);
  }

  // Writing.

  /** Sends a message at the end of this turn. */
  void say(byte[] message) {
    frame(group.door().isBinary() ? BINARY : TEXT, message);
  }

  /** A frame masked with zeros, which leaves the payload as it is. */
  private void frame(int first, byte[] payload) {
    int head = payload.length <= LAST_SHORT ? 6 : 8;
    byte[] frame = new byte[head + payload.length];
    frame[0] = (byte) first;
    if (payload.length <= LAST_SHORT) {
      frame[1] = (byte) (MASKED | payload.length);
    } else {
      frame[1] = (byte) (MASKED | TWO_BYTES);
      frame[2] = (byte) (payload.length >> 8);
      frame[3] = (byte) payload.length;
    }
    System.arraycopy(payload, 0, frame, head, payload.length);
    append(frame);
  }

  private void append(byte[] bytes) {
    if (channel == null) {
      return;
    }
    if (unsent == null) {
      unsent = ByteBuffer.allocate(Math.max(bytes.length, LITTLE));
    } else if (unsent.remaining() < bytes.length) {
      unsent = ByteBuffer.allocate(2 * (unsent.position() + bytes.length)).put(unsent.flip());
    }
    unsent.put(bytes);
    if (!dirty) {
      dirty = true;
      loop.toFlush(this);
    }
  }

  /** Gives the kernel what it takes. */
  void flush() {
    dirty = false;
    if (channel == null || unsent == null || stage == Stage.CONNECTING) {
      return;
    }
    try {
      channel.write(unsent.flip());
    } catch (IOException e) {
      onEnd(e.getMessage());
      return;
    }
    if (unsent.hasRemaining()) {
      unsent.compact();
      key.interestOps(key.interestOps() | SelectionKey.OP_WRITE);
    } else {
      unsent = null;
      if (key.interestOps() != SelectionKey.OP_READ) {
        key.interestOps(key.interestOps() & ~SelectionKey.OP_WRITE);
      }
    }
  }
}
