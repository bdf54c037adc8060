package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever asks it to stop gets an orderly stop with its stores last; whoever asks twice does not wait, and loses nothing. */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class StopsInOrderTest {
  private static final int ORDERLY = 0;
  private static final int CUT_SHORT = 130;

  @TempDir
  private Path temp;

  private Launched start() {
    return Launched.start("all", temp.resolve("data"), Map.of()).awaitReady();
  }

  private void assertStoppedInOrder(Launched launched) {
    assertThat(launched.awaitExit()).isEqualTo(ORDERLY);
    assertThat(launched.spoken())
        .endsWith("Stopped; everything is in " + launched.data() + ".")
        .noneMatch(line -> line.contains("xception"));
    assertThat(launched.stoppedItsStores()).isTrue();
  }

  @Test
  void after_ctrl_c() {
    try (Launched launched = start()) {
      launched.process().interrupt();
      assertStoppedInOrder(launched);
    }
  }

  @Test
  void after_sigterm() {
    try (Launched launched = start()) {
      launched.process().terminate();
      assertStoppedInOrder(launched);
    }
  }

  @Test
  void in_the_middle_of_the_start() {
    try (Launched launched = Launched.start("all", temp.resolve("data"), Map.of())) {
      launched.process().awaitLine("PostgreSQL answers", Launched.START_LIMIT);
      launched.process().interrupt();
      assertStoppedInOrder(launched);
    }
  }

  @Nested
  class Ctrl_c_twice {
    /** It says nothing and never answers a goodbye, so that an orderly stop has to wait for it. */
    private Socket stubbornClient(int port) throws IOException {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      String upgrade = String.join(
          "\r\n",
          "GET /ws HTTP/1.1",
          "Host: 127.0.0.1:" + port,
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
          "",
          "");
      socket.getOutputStream().write(upgrade.getBytes(StandardCharsets.US_ASCII));
      byte[] status = socket.getInputStream().readNBytes(12);
      assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 101");
      return socket;
    }

    @Test
    void does_not_wait_for_clients_and_says_so_and_still_stops_the_stores() throws IOException {
      try (Launched launched = Launched.start(
                  "all", temp.resolve("data"), Map.of("MADANG_DRAIN_MS", "50000"))
              .awaitReady();
          Socket client = stubbornClient(launched.port())) {
        launched.process().interrupt();
        launched.process().awaitLine("Stopping Madang", Duration.ofSeconds(10));
        launched.process().interrupt();

        assertThat(launched.process().awaitExit(Duration.ofSeconds(10))).isEqualTo(CUT_SHORT);
        assertThat(launched.spoken())
            .endsWith(
                "Stopping at once: requests under way are cut, nothing that was acknowledged is lost.");
        assertThat(launched.stoppedItsStores()).isTrue();
        assertThat(client.isClosed()).isFalse();
      }
    }
  }
}
