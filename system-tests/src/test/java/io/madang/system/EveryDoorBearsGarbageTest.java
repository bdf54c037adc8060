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

  /** Names of the doors to be fed; a regular expression. */
  private static final String DOORS = System.getProperty("madang.fuzz.doors", ".*");

  private static final long SEED = 20_261_121;

  /** One in so many is wrong from the first byte on, on a connection of its own. */
  private static final int BROKEN_EVERY = 50;

  /** So many inputs are under way at most. */
  private static final int TOGETHER = 32;

  /** Clients that feed a door at the same time. */
  private static final int CLIENTS = Integer.getInteger("madang.fuzz.clients", 4);

  /** Of all clients: more would measure how much two processors bear, and not what nonsense does. */
  private static final int MOST_PER_SECOND = 2_500;

  /** One in so many inputs is said before anything is measured. */
  private static final int WARMING = 50;

  private static final Duration QUIET = Duration.ofSeconds(8);
  private static final Duration SLACK = Duration.ofMillis(50);
  private static final long MOST_MORE_KIB = 300 * 1024;
  private static final String GATEWAY = "gateway-1";
  private static final Predicate<String> ERROR =
      Pattern.compile("^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ERROR ").asPredicate();
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  /**
   * Doors that are fed at the same time, and share the inputs.
   *
   * @param cost as how many inputs of the others each counts: as most are the end of their connection, which the next needs anew
   */
  private record Fed(List<FuzzedDoor> doors, int cost) {
    static Fed alone(FuzzedDoor door) {
      return new Fed(List.of(door), 1);
    }

    static Fed hubs(int port, String token) {
      return new Fed(HubDoor.all(port, token), 10);
    }

    int inputs() {
      return INPUTS / cost;
    }

    /** So many are said before it is waited: where each is waited for by itself and all clients say some, one. */
    int together() {
      return Math.max(1, TOGETHER / cost / doors.size());
    }
  }

  /** Another door is a line here. */
  private static Map<String, Fed> doors(int port, String token) {
    Map<String, Fed> doors = new LinkedHashMap<>();
    doors.put("websocket", Fed.alone(SocketDoor.plain(port, token)));
    doors.put("SockJS", Fed.alone(SocketDoor.withinSockJs(port, token)));
    doors.put("SockJS polling", Fed.alone(new PollingDoor(port, token)));
    doors.put("bridge", Fed.alone(SocketDoor.bridge(port, token)));
    doors.put("http", Fed.alone(HttpDoor.commands(port, token)));
    doors.put("event stream", Fed.alone(HttpDoor.streams(port, token)));
    doors.put("hubs", Fed.hubs(port, token));
    doors.keySet().removeIf(name -> !name.matches(DOORS));
    return doors;
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void while_somebody_else_is_served(MeshProcesses mesh) throws Exception {
    int port = URI.create(mesh.address(GATEWAY)).getPort();
    try (Witness witness = new Witness(
        mesh.client(GATEWAY, "speaker"), mesh.client(GATEWAY, "witness"), "witnessed")) {
      String warm = mesh.guestToken(GATEWAY, "warm");
      feedByAll(Fed.alone(HttpDoor.commands(port, warm)), WARMING);
      feedByAll(Fed.hubs(port, warm), WARMING);
      witness.begin();
      Pause.of(QUIET);
      Duration quiet = witness.p99();
      long memory = residentKib(mesh);
      List<String> errors = errors(mesh);
      for (Map.Entry<String, Fed> door :
          doors(port, mesh.guestToken(GATEWAY, "fuzzer")).entrySet()) {
        witness.begin();
        long began = System.nanoTime();
        feedByAll(door.getValue(), 1);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        Duration p99 = witness.p99();
        System.out.printf(
            "%s: %,d inputs in %s; the witness heard %d, p99 %s after %s when quiet; %,d KiB after %,d%n",
            door.getKey(),
            door.getValue().inputs(),
            took,
            witness.heard(),
            p99,
            quiet,
            residentKib(mesh),
            memory);
        assertThat(witness.wrongs()).as(door.getKey()).isEmpty();
        assertThat(p99).as(door.getKey()).isLessThanOrEqualTo(bound(quiet));
        assertThat(mesh.process(GATEWAY).isAlive()).as(door.getKey()).isTrue();
        assertThat(residentKib(mesh)).as(door.getKey()).isLessThan(memory + MOST_MORE_KIB);
        assertThat(errors(mesh)).as(door.getKey()).isEqualTo(errors);
      }
      assertThat(mesh.page(GATEWAY, "/health/ready").statusCode()).isEqualTo(200);
    }
  }

  private static Duration bound(Duration quiet) {
    Duration threefold = quiet.multipliedBy(3);
    Duration later = quiet.plus(SLACK);
    return threefold.compareTo(later) > 0 ? threefold : later;
  }

  /**
   * Each door by all clients.
   *
   * @param share one in so many of the inputs that there are
   */
  private static void feedByAll(Fed fed, int share) throws Exception {
    int count = CLIENTS * fed.doors().size();
    double nanosEach = (double) TimeUnit.SECONDS.toNanos(count) * fed.cost() / MOST_PER_SECOND;
    ExecutorService clients = Executors.newFixedThreadPool(count);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int client = 0; client < count; client++) {
        FuzzedDoor door = fed.doors().get(client % fed.doors().size());
        long seed = SEED + client;
        tasks.add(() -> {
          feed(door, seed, fed.inputs() / share / count, fed.together(), nanosEach);
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

  private static void feed(FuzzedDoor door, long seed, int inputs, int together, double nanosEach)
      throws IOException {
    Mutations mutations = new Mutations(seed, door.examples());
    long began = System.nanoTime();
    try (FuzzedDoor.Feeder feeder = door.open()) {
      for (int i = 1; i <= inputs; i++) {
        if (mutations.isOneIn(BROKEN_EVERY)) {
          feeder.bytes(mutations.next());
        } else {
          feeder.message(mutations.next());
        }
        if (i % together == 0) {
          feeder.settle();
          LockSupport.parkNanos(began + (long) (i * nanosEach) - System.nanoTime());
        }
      }
      feeder.settle();
    }
  }

  /** What the gateway has logged of what is wrong with itself. */
  private static List<String> errors(MeshProcesses mesh) {
    return mesh.process(GATEWAY).lines().stream().filter(ERROR).toList();
  }

  private static long residentKib(MeshProcesses mesh) throws IOException {
    long pid = mesh.process(GATEWAY).pid();
    Matcher resident = RESIDENT.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
    assertThat(resident.find()).isTrue();
    return Long.parseLong(resident.group(1));
  }
}
