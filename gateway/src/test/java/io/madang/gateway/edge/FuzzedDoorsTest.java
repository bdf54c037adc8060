package io.madang.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The doors of SockJS take a hundred thousand mutated inputs each, of a generator whose seed is shown, while a witness at another
 * door hears everything in order and hardly later than before.
 */
@Tag("slow")
@DisplayNameGeneration(ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FuzzedDoorsTest {
  private static final int INPUTS = 100_000;
  private static final int TOGETHER = 50;
  private static final long SEED = 20_261_121;
  private static final int QUIET = 200;
  private static final long SLACK_NS = Duration.ofMillis(50).toNanos();
  private static final long PATIENCE_NS = Duration.ofSeconds(2).toNanos();
  private static final long BREATH_NS = Duration.ofMillis(1).toNanos();
  private static final long MORE_HEAP_BYTES = 128L * 1024 * 1024;

  private static final List<String> FRAMES = List.of(
      "{\"type\":\"connect\",\"ref\":1,\"token\":\"good-fuzz\"}",
      "{\"type\":\"subscribe\",\"ref\":2,\"topic\":\"log:fuzz\",\"since\":{\"epoch\":\"e1\",\"offset\":1}}",
      "{\"type\":\"command\",\"ref\":4,\"service\":\"tester\",\"name\":\"describe\",\"args\":{\"options\":{\"a\":[1,2.5,\"\\u00e9\"]}}}",
      "{\"type\":\"stream\",\"ref\":5,\"service\":\"tester\",\"name\":\"count\",\"args\":{\"to\":5}}",
      "{\"type\":\"ping\",\"ref\":8}");
  private static final List<String> BRIDGED = List.of(
      "{\"type\":\"ping\"}",
      "{\"type\":\"register\",\"address\":\"log:fuzz\",\"headers\":{\"Authorization\":\"Bearer good-fuzz\",\"epoch\":\"e1\",\"offset\":1}}",
      "{\"type\":\"unregister\",\"address\":\"log:fuzz\",\"headers\":{}}",
      "{\"type\":\"send\",\"address\":\"tester\",\"headers\":{},\"body\":{\"name\":\"whoAmI\",\"args\":{}},\"replyAddress\":\"r\"}",
      "{\"type\":\"publish\",\"address\":\"log:fuzz\",\"headers\":{},\"body\":{\"text\":\"x\"}}");

  private final Random dice = new Random(SEED);
  private RunningGateway gateway;

  @BeforeAll
  void start() {
    gateway = new RunningGateway(
        Map.of("MADANG_ACCEPT_RATE", "1000000", "MADANG_CONNECTIONS_PER_ADDRESS", "1000000"));
  }

  @AfterAll
  void stop() {
    gateway.close();
  }

  @Test
  void native_frames_over_websocket_and_polling() throws Exception {
    assertHarmless("sockjs", () -> {
      fuzzSockets("/sockjs/000/fuzz/websocket", FRAMES, INPUTS / 2);
      fuzzRequests("/sockjs", FRAMES, INPUTS / 2);
    });
  }

  @Test
  void frames_of_the_bridge_over_websocket_and_polling() throws Exception {
    assertHarmless("bridge", () -> {
      fuzzSockets("/eventbus/000/fuzz/websocket", BRIDGED, INPUTS / 4);
      fuzzSockets("/eventbus/websocket", BRIDGED, INPUTS / 4);
      fuzzRequests("/eventbus", BRIDGED, INPUTS / 2);
    });
  }

  // The witness.

  private interface Fuzzing {
    void run() throws IOException;
  }

  private void assertHarmless(String log, Fuzzing fuzzing) throws Exception {
    TestSocket witness = TestSocket.signedIn(gateway.port(), "mina");
    TestSocket speaker = TestSocket.signedIn(gateway.port(), "jun");
    witness.ask("{'type':'subscribe','ref':2,'topic':'log:" + log + "'}");
    long quiet = p99(listen(witness, speaker, log, QUIET, new CompletableFuture<>()));
    long heapBefore = heapAfterCollection();
    CompletableFuture<Void> over = CompletableFuture.runAsync(() -> {
      try {
        fuzzing.run();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    });
    List<Long> latencies = listen(witness, speaker, log, Integer.MAX_VALUE, over);
    over.join();

    long fuzzed = p99(latencies);
    System.out.printf(
        "%s, seed %d: %d heard, p99 %.1f ms after %.1f ms quiet%n",
        log, SEED, latencies.size(), fuzzed / 1e6, quiet / 1e6);
    assertThat(fuzzed).isLessThanOrEqualTo(Math.max(3 * quiet, quiet + SLACK_NS));
    assertThat(heapAfterCollection() - heapBefore).isLessThan(MORE_HEAP_BYTES);
    witness.close(1000, "");
    speaker.close(1000, "");
  }

  /** How long each message took, said one after the other; each must be the next. */
  private static List<Long> listen(
      TestSocket witness, TestSocket speaker, String log, int count, CompletableFuture<?> until) {
    List<Long> latencies = new ArrayList<>();
    long last = -1;
    while (latencies.size() < count && !until.isDone()) {
      long begin = System.nanoTime();
      speaker.send("{'type':'command','ref':3,'service':'tester','name':'say','args':['%s','x']}"
          .formatted(log));
      JsonObject heard = witness.next();
      latencies.add(System.nanoTime() - begin);
      assertThat(speaker.next().getString("type")).isEqualTo("reply");
      long offset = heard.getLong("offset");
      if (last >= 0) {
        assertThat(offset).isEqualTo(last + 1);
      }
      last = offset;
      pause();
    }
    return latencies;
  }

  /** Below the rate of one connection. */
  private static void pause() {
    LockSupport.parkNanos(Duration.ofMillis(6).toNanos());
  }

  private static long p99(List<Long> latencies) {
    List<Long> sorted = latencies.stream().sorted().toList();
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * 99 / 100));
  }

  private static long heapAfterCollection() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  // The generator.

  /** A message of a client, mostly with a few other bytes; what is around it has other bytes more rarely, as that ends it. */
  private byte[] mutated(List<String> messages, boolean wrapped) {
    String message = messages.get(dice.nextInt(messages.size()));
    if (dice.nextInt(4) > 0) {
      message =
          new String(mutate(message.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
    byte[] whole = (wrapped ? new JsonArray().add(message).encode() : message)
        .getBytes(StandardCharsets.UTF_8);
    return dice.nextInt(20) == 0 ? mutate(whole) : whole;
  }

  private byte[] mutate(byte[] bytes) {
    byte[] mutant = bytes;
    for (int i = dice.nextInt(4); i > 0 && mutant.length > 0; i--) {
      int at = dice.nextInt(mutant.length);
      int end = Math.min(mutant.length, at + 1 + dice.nextInt(16));
      mutant = switch (dice.nextInt(5)) {
        case 0 -> replaced(mutant, at);
        case 1 -> joined(Arrays.copyOf(mutant, at), Arrays.copyOfRange(mutant, end, mutant.length));
        case 2 -> joined(Arrays.copyOf(mutant, end), Arrays.copyOfRange(mutant, at, mutant.length));
        case 3 -> Arrays.copyOf(mutant, at);
        default ->
          joined(
              joined(
                  Arrays.copyOf(mutant, at), "[{\"\\ud800\u0000".getBytes(StandardCharsets.UTF_8)),
              Arrays.copyOfRange(mutant, at, mutant.length));
      };
    }
    return mutant;
  }

  private byte[] replaced(byte[] bytes, int at) {
    byte[] copy = bytes.clone();
    copy[at] = (byte) dice.nextInt(256);
    return copy;
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  // Sending it.

  /** A connection whose answers are counted and forgotten. */
  private final class Attacker implements AutoCloseable {
    private static final String ANSWER = "HTTP/1.1 ";

    private final Socket socket;
    private final CompletableFuture<Void> reading;
    private final AtomicInteger answers = new AtomicInteger();

    Attacker() throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
      socket.setTcpNoDelay(true);
      reading = CompletableFuture.runAsync(this::read, task -> {
        Thread thread = new Thread(task, "forgets-answers");
        thread.setDaemon(true);
        thread.start();
      });
    }

    private void read() {
      byte[] any = new byte[8_192];
      int matched = 0;
      try (InputStream in = socket.getInputStream()) {
        for (int read = in.read(any); read >= 0; read = in.read(any)) {
          for (int i = 0; i < read; i++) {
            matched = (char) any[i] == ANSWER.charAt(matched) ? matched + 1 : 0;
            if (matched == ANSWER.length()) {
              answers.incrementAndGet();
              matched = 0;
            }
          }
        }
      } catch (IOException e) {
        // The gateway may end it as it likes.
      }
    }

    void write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    boolean isOver() {
      return reading.isDone();
    }

    /** Until the gateway has answered so often, or has had enough. */
    void awaitAnswers(int count) {
      long end = System.nanoTime() + PATIENCE_NS;
      while (answers.get() < count && !isOver() && System.nanoTime() < end) {
        LockSupport.parkNanos(BREATH_NS);
      }
    }

    /** Until the gateway has read everything and ends the connection too. */
    void end() throws IOException {
      socket.shutdownOutput();
      awaitAnswers(Integer.MAX_VALUE);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private void fuzzSockets(String path, List<String> messages, int count) throws IOException {
    int sent = 0;
    boolean wrapped = !path.endsWith("bus/websocket");
    while (sent < count) {
      try (Attacker attacker = new Attacker()) {
        attacker.write(String.join("\r\n", RawSocket.handshake(path, "13"), "")
            .getBytes(StandardCharsets.ISO_8859_1));
        for (int i = 0; i < TOGETHER && sent < count && !attacker.isOver(); i++) {
          sent++;
          attacker.write(RawSocket.bytes(
              0x80 | (dice.nextInt(50) == 0 ? RawSocket.BINARY : RawSocket.TEXT),
              new byte[4],
              mutated(messages, wrapped)));
        }
        attacker.end();
      } catch (IOException e) {
        // It was closed for what it had sent.
      }
    }
  }

  /** Mutated bodies for a session that is there, mutated addresses, and sessions that are opened and left. */
  private void fuzzRequests(String base, List<String> messages, int count) throws IOException {
    int sent = 0;
    while (sent < count) {
      String session = base + "/000/f" + sent;
      try (Attacker attacker = new Attacker()) {
        attacker.write(request(session + "/xhr", new byte[0]));
        int here = 1;
        for (int i = 0; i < TOGETHER && sent < count && !attacker.isOver(); i++) {
          sent++;
          here++;
          attacker.write(request(address(session, sent), mutated(messages, true)));
        }
        attacker.awaitAnswers(here);
      } catch (IOException e) {
        // It was closed for what it had sent.
      }
    }
  }

  private String address(String session, int number) {
    String fresh = session + "-" + number;
    int kind = dice.nextInt(100);
    String path = session + "/xhr_send";
    if (kind < 10) {
      path = fresh + "/xhr";
    } else if (kind < 20) {
      path = session + "/jsonp_send";
    } else if (kind == 20) {
      path = session + "/websocket";
    } else if (kind == 21) {
      path = session.substring(0, session.indexOf("/000")) + "/info";
    }
    return dice.nextInt(20) > 0
        ? path
        : new String(
                mutate(path.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1)
            .replaceAll("[\\s\u0000]", "%");
  }

  private static byte[] request(String path, byte[] body) {
    String head = String.join(
        "\r\n", "POST " + path + " HTTP/1.1", "Host: x", "Content-Length: " + body.length, "", "");
    return joined(head.getBytes(StandardCharsets.ISO_8859_1), body);
  }
}
