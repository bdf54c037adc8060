package io.madang.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SocketOwnerTest {
  private static final long WE = ProcessHandle.current().pid();
  private static final long GONE = 4_000_000_000L;

  @Test
  void is_the_process_that_connected() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket near = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
        Socket far = server.accept()) {
      assertThat(near.isConnected()).isTrue();

      assertThat(SocketOwner.of(far, List.of(GONE, WE))).hasValue(WE);
      assertThat(SocketOwner.of(far, List.of(GONE))).isEmpty();
    }
  }
}
