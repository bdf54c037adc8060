package io.madang.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A gateway whose every word the test says: it accepts WebSockets and hands each to the test as a {@link Peer}. */
final class FakeGateway implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(20);

  private final ServerSocket server;
  private final BlockingQueue<Peer> arrived = new LinkedBlockingQueue<>();
  private final List<Peer> all = new CopyOnWriteArrayList<>();

  FakeGateway() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread acceptor = new Thread(this::accept, "fake-gateway");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/ws");
  }

  /** Of a client that comes back soon and signs in with the token {@code t}. */
  ClientOptions options() {
    return ClientOptions.of(List.of(uri()), () -> Optional.of("t"))
        .withBackoff(Duration.ofMillis(1), Duration.ofMillis(5));
  }

  /** The next connection, its WebSocket open and nothing said. */
  Peer next() {
    try {
      Peer peer = arrived.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (peer == null) {
        throw new AssertionError("no client came within " + LIMIT);
      }
      return peer;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The next connection, signed in. */
  Peer nextSignedIn() {
    Peer peer = next();
    peer.signIn();
    return peer;
  }

  /** Connections so far. */
  int count() {
    return all.size();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Peer peer = new Peer(socket);
        all.add(peer);
        peer.start(() -> arrived.add(peer));
      }
    } catch (IOException e) {
      all.forEach(Peer::cut);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
