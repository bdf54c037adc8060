package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clients that come and go in every way there is. {@code -Dmadang.test.connects=1000000} makes it a million; the build does not
 * wait for that.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ManyComeAndGoTest {
  private static final int CONNECTS = Integer.getInteger("madang.test.connects", 10_000);
  private static final int WARM_UP = 3_000;
  private static final int LOGS = 10;
  private static final int CLIENTS = 4;
  private static final long MAX_GROWTH_BYTES = 8L << 20;

  private static final byte[] CLOSE = {
    (byte) 0x88, (byte) 0x82, 0, 0, 0, 0, (byte) (1_000 >> 8), (byte) (1_000 & 0xFF)
  };

  @Tag("slow")
  @Test
  void and_leave_nothing_behind() throws Exception {
    try (RunningGateway gateway = new RunningGateway(Map.of(
        "MADANG_BATCH_RECENT_BYTES", "262144",
        "MADANG_TOPIC_RECENT_BYTES", "16384",
        "MADANG_ACCEPT_RATE", "1000000",
        "MADANG_CONNECTIONS_PER_ADDRESS", "1000000",
        "MADANG_CONNECTIONS_PER_USER", "1000000",
        "MADANG_USER_COMMAND_RATE", "1000000",
        "MADANG_USER_COMMAND_BURST", "1000000"))) {
      // Full before it is measured, as what is kept of the last messages is no leak.
      gateway.service.kept = WARM_UP / LOGS / 4;
      comeAndGo(gateway, WARM_UP);
      long heapBefore = heapBytes();
      long directBefore = directBytes();
      comeAndGo(gateway, CONNECTS);

      assertThat(heapBytes() - heapBefore).as("heap").isLessThan(MAX_GROWTH_BYTES);
      assertThat(directBytes() - directBefore)
          .as("direct memory")
          .isLessThanOrEqualTo(MAX_GROWTH_BYTES);
    }
  }

  private static void comeAndGo(RunningGateway gateway, int count) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Callable<Void>> all = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        int first = client;
        all.add(() -> {
          for (int i = first; i < count; i += CLIENTS) {
            comeAndGo(gateway.port(), i);
          }
          return null;
        });
      }
      for (Future<Void> each : clients.invokeAll(all)) {
        each.get();
      }
    } finally {
      clients.shutdown();
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> gateway.gauge("madang.connections") == 0);
  }

  /** Each on an address of its own, so that a million find free ports. */
  private static void comeAndGo(int port, int number) throws IOException {
    try (RawSocket raw = RawSocket.from("127.0.1." + (1 + number % 250), port)) {
      raw.write(RawSocket.handshake("/ws", "13") + "\r\n");
      if (number % 8 == 0) {
        return;
      }
      raw.readHeaders();
      say(raw, "{'type':'connect','ref':1,'token':'good-user" + number % 100 + "'}");
      say(raw, "{'type':'subscribe','ref':2,'topic':'log:" + number % LOGS + "'}");
      if (number % 8 == 1) {
        return;
      }
      raw.text();
      raw.text();
      say(
          raw,
          "{'type':'command','ref':3,'service':'tester','name':'say','args':['" + number % LOGS
              + "','hi']}");
      switch (number % 8) {
        case 2 -> raw.text();
        case 3 -> raw.reset();
        case 4 -> raw.write("\u0081\u00fe\u0001");
        case 5 -> {
          raw.write("\u00f1\u0080\u0000\u0000\u0000\u0000");
          raw.closeCode();
        }
        default -> {
          raw.text();
          raw.write(CLOSE);
          raw.closeCode();
        }
      }
    }
  }

  private static void say(RawSocket socket, String frame) throws IOException {
    socket.frame(RawSocket.TEXT, true, frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static long heapBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      least = Math.min(
          least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  private static long directBytes() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }
}
