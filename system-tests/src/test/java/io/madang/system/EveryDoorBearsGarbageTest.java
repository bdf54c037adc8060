package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.system.fuzz.FuzzedDoor;
import io.madang.system.fuzz.HttpDoor;
import io.madang.system.fuzz.HubDoor;
import io.madang.system.fuzz.Mutations;
import io.madang.system.fuzz.PollingDoor;
import io.madang.system.fuzz.SocketDoor;
import io.madang.system.fuzz.Witness;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Each door of a gateway is fed inputs that are nearly right. Somebody on another connection of that gateway hears everything in
 * order and hardly later meanwhile, and the gateway lives on with about the memory it had.
 */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class EveryDoorBearsGarbageTest {
  private static final int INPUTS = Integer.getInteger("madang.fuzz.inputs", 100_000);

  private static final long SEED = 20_261_121;

  /** One in so many is wrong from the first byte on, on a connection of its own. */
  private static final int BROKEN_EVERY = 50;

  /** So many inputs are under way at most. */
  private static final int TOGETHER = 32;

  /** Clients that feed a door at the same time. */
  private static final int CLIENTS = Integer.getInteger("madang.fuzz.clients", 4);

  /** Of all clients: more would measure how much two processors bear, and not what nonsense does. */
  private static final int MOST_PER_SECOND = 2_500;

  private static final Duration QUIET = Duration.ofSeconds(8);
  private static final Duration SLACK = Duration.ofMillis(50);
  private static final long MOST_MORE_KIB = 300 * 1024;
  private static final String GATEWAY = "gateway-1";
  private static final Predicate<String> ERROR =
      Pattern.compile("^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ERROR ").asPredicate();
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  /** Another door is a line here. Doors of one line are fed at the same time, and share the inputs. */
  private static Map<String, List<FuzzedDoor>> doors(int port, String token) {
    Map<String, List<FuzzedDoor>> doors = new LinkedHashMap<>();
    doors.put("websocket", List.of(SocketDoor.plain(port, token)));
    doors.put("SockJS", List.of(SocketDoor.withinSockJs(port, token)));
    doors.put("SockJS polling", List.of(new PollingDoor(port, token)));
    doors.put("bridge", List.of(SocketDoor.bridge(port, token)));
    doors.put("http", List.of(HttpDoor.commands(port, token)));
    doors.put("event stream", List.of(HttpDoor.streams(port, token)));
    doors.put("hubs", HubDoor.all(port, token));
    doors.keySet().retainAll(List.of("hubs")); // TEMP
    return doors;
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void while_somebody_else_is_served(MeshProcesses mesh) throws Exception {
    int port = URI.create(mesh.address(GATEWAY)).getPort();
    try (Witness witness = new Witness(
        mesh.client(GATEWAY, "speaker"), mesh.client(GATEWAY, "witness"), "witnessed")) {
      feed(HttpDoor.commands(port, mesh.guestToken(GATEWAY, "warm")), 1, INPUTS / 50, CLIENTS);
      witness.begin();
      Pause.of(QUIET);
      Duration quiet = witness.p99();
      long memory = residentKib(mesh);
      for (Map.Entry<String, List<FuzzedDoor>> door :
          doors(port, mesh.guestToken(GATEWAY, "fuzzer")).entrySet()) {
        witness.begin();
        long began = System.nanoTime();
        feedByAll(door.getValue());
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        Duration p99 = witness.p99();
        System.out.printf(
            "%s: %,d inputs in %s; the witness heard %d, p99 %s after %s when quiet; %,d KiB after %,d%n",
            door.getKey(), INPUTS, took, witness.heard(), p99, quiet, residentKib(mesh), memory);
        assertThat(witness.wrongs()).as(door.getKey()).isEmpty();
        assertThat(p99).as(door.getKey()).isLessThanOrEqualTo(bound(quiet));
        assertThat(mesh.process(GATEWAY).isAlive()).as(door.getKey()).isTrue();
        assertThat(residentKib(mesh)).as(door.getKey()).isLessThan(memory + MOST_MORE_KIB);
        assertThat(mesh.process(GATEWAY).lines()).as(door.getKey()).noneMatch(ERROR);
      }
      assertThat(mesh.page(GATEWAY, "/health/ready").statusCode()).isEqualTo(200);
    }
  }

  private static Duration bound(Duration quiet) {
    Duration threefold = quiet.multipliedBy(3);
    Duration later = quiet.plus(SLACK);
    return threefold.compareTo(later) > 0 ? threefold : later;
  }

  /** Each of them by all clients. */
  private static void feedByAll(List<FuzzedDoor> doors) throws Exception {
    int count = CLIENTS * doors.size();
    ExecutorService clients = Executors.newFixedThreadPool(count);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int client = 0; client < count; client++) {
        FuzzedDoor door = doors.get(client % doors.size());
        long seed = SEED + client;
        tasks.add(() -> {
          feed(door, seed, INPUTS / count, count);
          return null;
        });
      }
      for (Future<Void> client : clients.invokeAll(tasks)) {
        client.get();
      }
    } finally {
      clients.shutdownNow();
    }
  }

  /** @param clients who do so at the same time */
  private static void feed(FuzzedDoor door, long seed, int inputs, int clients) throws IOException {
    Mutations mutations = new Mutations(seed, door.examples());
    long began = System.nanoTime();
    try (FuzzedDoor.Feeder feeder = door.open()) {
      for (int i = 1; i <= inputs; i++) {
        if (mutations.isOneIn(BROKEN_EVERY)) {
          feeder.bytes(mutations.next());
        } else {
          feeder.message(mutations.next());
        }
        if (i % TOGETHER == 0) {
          feeder.settle();
          long dueNanos = began + i * (TimeUnit.SECONDS.toNanos(clients) / MOST_PER_SECOND);
          LockSupport.parkNanos(dueNanos - System.nanoTime());
        }
      }
      feeder.settle();
    }
  }

  private static long residentKib(MeshProcesses mesh) throws IOException {
    long pid = mesh.process(GATEWAY).pid();
    Matcher resident = RESIDENT.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
    assertThat(resident.find()).isTrue();
    return Long.parseLong(resident.group(1));
  }
}
