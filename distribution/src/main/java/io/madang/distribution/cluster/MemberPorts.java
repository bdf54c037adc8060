package io.madang.distribution.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Chooses ports that a process will open some seconds later, and again whenever it is started again. So they come from below the
 * range from which the system gives outgoing connections theirs, or one of those would sit on a port while its owner is away.
 */
final class MemberPorts {
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 2_000;

  private MemberPorts() {}

  /** Different ports of loopback that nobody listens on now. */
  static List<Integer> take(int count) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int tries = 0; held.size() < count; tries++) {
        int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
        if (tries == TRIES) {
          throw new IllegalStateException(
              "no %d free ports between %d and %d".formatted(count, LOWEST, HIGHEST));
        }
        hold(port, held);
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      held.forEach(MemberPorts::release);
    }
  }

  /** All are held until the last is found, so that no number comes twice. */
  private static void hold(int port, List<ServerSocket> held) {
    try {
      ServerSocket socket = new ServerSocket();
      held.add(socket);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
    } catch (IOException e) {
      release(held.remove(held.size() - 1));
    }
  }

  private static void release(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException("a listening socket does not close", e);
    }
  }
}
