package io.madang.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A line between two processes that a test cuts, heals and slows down: a port of loopback whose connections go on to another
 * port.
 *
 * <p>A cut is silent, as a pulled cable: connections stay open, nothing passes in either direction and nothing is lost; what was
 * on its way passes after {@link #heal()}. A connection that is opened meanwhile is accepted, as only the kernel could refuse it
 * without a word, and reaches the other side after the healing. {@link #reset()} is the loud one. A proxy that knows whose
 * connections come can be cut for one of them alone.
 *
 * <p>In each direction of each connection at most {@value #HELD} pieces of {@value #PIECE_BYTES} bytes are held, then the sender
 * is not read any more. All methods may be called from any thread and return at once; {@link #close()} ends all.
 */
public final class TcpProxy implements AutoCloseable {
  private static final int PIECE_BYTES = 16_384;
  private static final int HELD = 256;
  private static final int CONNECT_MS = 5_000;

  private static final String NOBODY = "";

  private final ServerSocket door;
  private final InetSocketAddress target;

  /** Tells whose connection comes. */
  private final Function<Socket, String> whose;

  /** Who is cut off although nobody else is; guarded by this. */
  private final Set<String> cutOff = new HashSet<>();

  /** Both ends of every connection; guarded by this. */
  private final Set<Socket> sockets = new HashSet<>();

  /** Whether nothing passes; guarded by this. */
  private boolean cut;

  /** How much later than it came each byte leaves; guarded by this. */
  private long delayNanos;

  /** Guarded by this. */
  private boolean closed;

  /** Connections that were accepted; guarded by this. */
  private int accepted;

  private TcpProxy(ServerSocket door, InetSocketAddress target, Function<Socket, String> whose) {
    this.door = door;
    this.target = target;
    this.whose = whose;
  }

  /** A proxy on a free port, to a port of loopback on which nobody needs to listen yet. */
  public static TcpProxy to(int targetPort) {
    return between(FreePorts.one(), targetPort);
  }

  /** A proxy on a given port. */
  public static TcpProxy between(int port, int targetPort) {
    return between(port, targetPort, near -> NOBODY);
  }

  /** As the other; {@code whose} names the owner of a connection that comes, and may block. */
  public static TcpProxy between(int port, int targetPort, Function<Socket, String> whose) {
    try {
      TcpProxy proxy = new TcpProxy(
          new ServerSocket(port, HELD, InetAddress.getLoopbackAddress()),
          new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort),
          whose);
      proxy.inBackground("accept", proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("No proxy on port " + port, e);
    }
  }

  /** The port to connect to instead of the target's. */
  public int port() {
    return door.getLocalPort();
  }

  /** Lets nothing pass any more, without a word. */
  public synchronized void cut() {
    cut = true;
  }

  /** Lets nothing pass any more from or to one of those who connect. */
  public synchronized void cut(String who) {
    cutOff.add(who);
  }

  /** Lets pass what was held, and what follows. */
  public synchronized void heal() {
    cut = false;
    cutOff.clear();
    notifyAll();
  }

  /** Makes every byte that comes from now on leave so much later; zero for at once. */
  public synchronized void delay(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("a delay is not negative");
    }
    delayNanos = delay.toNanos();
  }

  /** Breaks every connection for both its ends, with what is held in it; new ones may come. */
  public void reset() {
    Set<Socket> all;
    synchronized (this) {
      all = Set.copyOf(sockets);
      sockets.clear();
      notifyAll();
    }
    all.forEach(TcpProxy::breakOff);
  }

  /** How many connections came so far. */
  public synchronized int accepted() {
    return accepted;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reset();
  }

  /** A piece of a connection's bytes, empty at its end. */
  private record Piece(ByteBuffer bytes, long dueNanos) {
    boolean isEnd() {
      return !bytes.hasRemaining();
    }
  }

  private void accept() {
    while (!door.isClosed()) {
      acceptOne();
    }
  }

  private void acceptOne() {
    try {
      Socket near = door.accept();
      synchronized (this) {
        accepted++;
      }
      keep(near);
      inBackground("connect", () -> connect(near, whose.apply(near)));
    } catch (IOException e) {
      // Closed, or a peer that was gone before it was accepted; the condition of the loop knows
      // which.
    }
  }

  private void connect(Socket near, String who) {
    Socket far = new Socket();
    keep(far);
    try {
      awaitHealed(near, who);
      far.connect(target, CONNECT_MS);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      pass(near, far, who);
      pass(far, near, who);
    } catch (IOException e) {
      end(near, far);
    }
  }

  private void pass(Socket from, Socket to, String who) {
    BlockingQueue<Piece> held = new ArrayBlockingQueue<>(HELD);
    inBackground("read", () -> read(from, to, who, held));
    inBackground("write", () -> write(from, to, who, held));
  }

  private void read(Socket from, Socket to, String who, BlockingQueue<Piece> held) {
    try {
      Piece piece;
      do {
        byte[] bytes = new byte[PIECE_BYTES];
        int length = from.getInputStream().read(bytes);
        piece = new Piece(
            ByteBuffer.wrap(bytes, 0, Math.max(0, length)), System.nanoTime() + currentDelay());
        while (!held.offer(piece, 1, TimeUnit.SECONDS)) {
          requireOpen(to);
        }
      } while (!piece.isEnd());
    } catch (IOException e) {
      endWhenHealed(from, to, who);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Socket from, Socket to, String who, BlockingQueue<Piece> held) {
    try {
      while (true) {
        Piece piece = held.poll(1, TimeUnit.SECONDS);
        requireOpen(to);
        if (piece == null) {
          continue;
        }
        awaitDue(piece, to);
        awaitHealed(to, who);
        if (piece.isEnd()) {
          to.shutdownOutput();
          forgetIfOver(from, to);
          return;
        }
        to.getOutputStream().write(piece.bytes().array(), 0, piece.bytes().limit());
      }
    } catch (IOException e) {
      end(from, to);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Even that a connection is broken does not pass a cut. */
  private void endWhenHealed(Socket from, Socket to, String who) {
    try {
      awaitHealed(to, who);
    } catch (IOException e) {
      // The other end knows already.
    }
    end(from, to);
  }

  private synchronized long currentDelay() {
    return delayNanos;
  }

  private synchronized void awaitDue(Piece piece, Socket to) throws IOException {
    try {
      long left = piece.dueNanos() - System.nanoTime();
      while (left > 0) {
        wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
        requireOpen(to);
        left = piece.dueNanos() - System.nanoTime();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private synchronized void awaitHealed(Socket socket, String who) throws IOException {
    try {
      while (cut || cutOff.contains(who)) {
        requireOpen(socket);
        wait(TimeUnit.SECONDS.toMillis(1));
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    requireOpen(socket);
  }

  private static IOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IOException("interrupted", cause);
  }

  private static void requireOpen(Socket socket) throws IOException {
    if (socket.isClosed()) {
      throw new IOException("the connection is over");
    }
  }

  private void keep(Socket socket) {
    synchronized (this) {
      if (!closed) {
        sockets.add(socket);
        return;
      }
    }
    breakOff(socket);
  }

  /** One end failed, so the other learns it. */
  private void end(Socket one, Socket other) {
    synchronized (this) {
      sockets.remove(one);
      sockets.remove(other);
    }
    breakOff(one);
    breakOff(other);
  }

  private void forgetIfOver(Socket one, Socket other) throws IOException {
    if (one.isOutputShutdown() && other.isOutputShutdown()) {
      synchronized (this) {
        sockets.remove(one);
        sockets.remove(other);
      }
      one.close();
      other.close();
    }
  }

  private static void breakOff(Socket socket) {
    try {
      // Closing then sends a reset instead of a goodbye.
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It was over already: the linger of a closed socket cannot be set.
      return;
    }
  }

  private void inBackground(String what, Runnable task) {
    Thread thread = new Thread(task, "proxy-" + port() + "-" + what);
    thread.setDaemon(true);
    thread.start();
  }
}
