package io.madang.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Ports of loopback that nobody listens on right now. */
public final class FreePorts {
  private static final int PAIR_ATTEMPTS = 50;

  private FreePorts() {}

  public static int one() {
    return take(1).get(0);
  }

  /** One whose next is free as well. */
  public static int pair() {
    for (int first : take(PAIR_ATTEMPTS)) {
      try {
        close(new ServerSocket(first + 1, 1, InetAddress.getLoopbackAddress()));
        return first;
      } catch (IOException | IllegalArgumentException e) {
        // The next one is taken, or there is none; another try costs nothing.
      }
    }
    throw new IllegalStateException("No two free ports side by side on loopback");
  }

  /** Several different ones; all are held until the last is found, so no number comes twice. */
  public static List<Integer> take(int count) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("No free port on loopback", e);
    } finally {
      held.forEach(FreePorts::close);
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
