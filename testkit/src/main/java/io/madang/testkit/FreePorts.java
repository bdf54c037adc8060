package io.madang.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of loopback that nobody listens on right now. They lie below those that Linux gives to outgoing connections: one of
 * these would take the port before the test's process gets to it.
 */
public final class FreePorts {
  private static final int FROM = 10_000;
  private static final int TO = 20_000;
  private static final int TRIES = 100;

  /** None is given twice in one JVM: two tests may start processes at the same time. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePorts() {}

  public static int one() {
    return take(1).get(0);
  }

  /** One whose next is free as well. */
  public static int pair() {
    for (int i = 0; i < TRIES; i++) {
      int first = one();
      try {
        close(hold(first + 1));
        return first;
      } catch (IOException e) {
        // The next one is taken; another try costs nothing.
      }
    }
    throw new IllegalStateException("No two free ports side by side on loopback");
  }

  /** Several different ones; all are held until the last is found, so no number comes twice. */
  public static List<Integer> take(int count) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(hold());
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("No free port on loopback", e);
    } finally {
      held.forEach(FreePorts::close);
    }
  }

  private static ServerSocket hold() throws IOException {
    IOException last = new BindException("all that were tried were given before");
    for (int i = 0; i < TRIES; i++) {
      try {
        return hold(ThreadLocalRandom.current().nextInt(FROM, TO));
      } catch (BindException e) {
        last = e;
      }
    }
    throw last;
  }

  private static ServerSocket hold(int port) throws IOException {
    ServerSocket held = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    if (!GIVEN.add(port)) {
      held.close();
      throw new BindException(port + " was given before");
    }
    return held;
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
