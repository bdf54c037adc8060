package io.madang.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Before several gateways, as a balancer that knows nothing of HTTP: each connection goes to the next that takes it, and a test may
 * say which is next, as it wants to know whom to kill.
 */
final class SteeredBalancer implements AutoCloseable {
  private final List<Integer> ports;
  private final ServerSocket door;
  private final AtomicInteger turn = new AtomicInteger();

  private SteeredBalancer(List<Integer> ports) throws IOException {
    this.ports = ports;
    this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon("round robin", this::accept);
  }

  /** @param addresses of gateways, {@code http://127.0.0.1:<port>} */
  static SteeredBalancer before(String... addresses) {
    try {
      return new SteeredBalancer(
          List.of(addresses).stream().map(each -> URI.create(each).getPort()).toList());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  String address() {
    return "http://127.0.0.1:" + door.getLocalPort();
  }

  /** The next connection goes to this of them, if it takes it. */
  void nextIs(int number) {
    turn.set(number);
  }

  private static void daemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        daemon("round robin's connection", () -> carry(client));
      } catch (IOException e) {
        // Closed, or the client was gone before it was taken.
      }
    }
  }

  private void carry(Socket client) {
    try (client;
        Socket gateway = connect()) {
      daemon("round robin's answer", () -> copy(gateway, client));
      copy(client, gateway);
    } catch (IOException e) {
      // No gateway takes it, and the client hears that its connection is closed.
    }
  }

  private Socket connect() throws IOException {
    IOException last = new IOException("no gateways");
    for (int i = 0; i < ports.size(); i++) {
      int port = ports.get(Math.floorMod(turn.getAndIncrement(), ports.size()));
      try {
        return new Socket(InetAddress.getLoopbackAddress(), port);
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  /** Until either end is closed; then both are. */
  private static void copy(Socket from, Socket to) {
    byte[] buffer = new byte[16 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // As above.
    }
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
