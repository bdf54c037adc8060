package io.madang.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class TcpProxyTest {
  private static final int LONG_MS = 10_000;
  private static final int SHORT_MS = 200;

  private ServerSocket server;
  private TcpProxy proxy;
  private Socket near;
  private Socket far;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    server.setSoTimeout(LONG_MS);
    proxy = TcpProxy.to(server.getLocalPort());
    near = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    near.setSoTimeout(LONG_MS);
    far = server.accept();
    far.setSoTimeout(LONG_MS);
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    near.close();
    far.close();
    server.close();
  }

  private static void say(Socket socket, int word) throws IOException {
    socket.getOutputStream().write(word);
  }

  private static int hear(Socket socket) throws IOException {
    return socket.getInputStream().read();
  }

  private static void assertSilent(Socket socket) throws IOException {
    socket.setSoTimeout(SHORT_MS);
    assertThatThrownBy(() -> hear(socket)).isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(LONG_MS);
  }

  @Test
  void passes_both_ways_and_the_end_too() throws Exception {
    say(near, 1);
    say(far, 2);
    assertThat(hear(far)).isEqualTo(1);
    assertThat(hear(near)).isEqualTo(2);

    near.shutdownOutput();

    assertThat(hear(far)).isEqualTo(-1);
    say(far, 3);
    assertThat(hear(near)).isEqualTo(3);
    assertThat(proxy.accepted()).isEqualTo(1);
  }

  @Test
  void keeps_many_bytes_whole_and_in_order() throws Exception {
    byte[] sent = new byte[10_000_000];
    new Random(7).nextBytes(sent);
    CompletableFuture<byte[]> heard = CompletableFuture.supplyAsync(() -> {
      try {
        return far.getInputStream().readNBytes(sent.length);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    });

    near.getOutputStream().write(sent);

    assertThat(Arrays.equals(heard.get(20, TimeUnit.SECONDS), sent)).isTrue();
  }

  @Test
  void holds_everything_while_cut_and_lets_it_pass_when_healed() throws Exception {
    proxy.cut();
    say(near, 1);
    say(far, 2);
    assertSilent(far);
    assertSilent(near);

    proxy.heal();

    assertThat(hear(far)).isEqualTo(1);
    assertThat(hear(near)).isEqualTo(2);
  }

  @Test
  void connects_after_the_healing_who_came_while_it_was_cut() throws Exception {
    proxy.cut();
    try (Socket late = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      say(late, 5);
      server.setSoTimeout(SHORT_MS);
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);

      proxy.heal();

      server.setSoTimeout(LONG_MS);
      try (Socket other = server.accept()) {
        assertThat(hear(other)).isEqualTo(5);
      }
    }
  }

  @Test
  void is_cut_for_one_of_those_who_connect_and_not_for_another() throws Exception {
    try (TcpProxy knowing = TcpProxy.between(
            FreePorts.one(),
            server.getLocalPort(),
            who -> who.getPort() == near.getLocalPort() ? "near" : "other");
        Socket other = new Socket(InetAddress.getLoopbackAddress(), knowing.port());
        Socket beyond = server.accept()) {
      beyond.setSoTimeout(LONG_MS);
      knowing.cut("near");
      say(other, 1);
      assertThat(hear(beyond)).isEqualTo(1);

      knowing.cut("other");
      say(other, 2);
      say(beyond, 3);
      assertSilent(beyond);
      assertSilent(other);

      knowing.heal();
      assertThat(hear(beyond)).isEqualTo(2);
      assertThat(hear(other)).isEqualTo(3);
    }
  }

  @Test
  void delays_each_byte_and_not_the_number_of_bytes() throws Exception {
    proxy.delay(Duration.ofMillis(300));
    long start = System.nanoTime();
    for (int i = 0; i < 5; i++) {
      say(near, i);
    }
    for (int i = 0; i < 5; i++) {
      assertThat(hear(far)).isEqualTo(i);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(300), Duration.ofMillis(1_400));
  }

  @Test
  void breaks_connections_and_takes_new_ones() throws Exception {
    proxy.reset();
    assertThatThrownBy(() -> hear(near)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> hear(far)).isInstanceOf(IOException.class);

    try (Socket again = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        Socket other = server.accept()) {
      say(again, 9);
      assertThat(hear(other)).isEqualTo(9);
    }
  }

  @Test
  void tells_a_client_that_nobody_listens_behind_it() throws Exception {
    server.close();
    try (Socket alone = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      alone.setSoTimeout(LONG_MS);
      assertThatThrownBy(() -> hear(alone)).isInstanceOf(IOException.class);
    }
  }
}
