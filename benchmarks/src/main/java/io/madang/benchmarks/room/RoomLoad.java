package io.madang.benchmarks.room;

import io.madang.benchmarks.room.RoomLoadOptions.BadArgumentsException;
import io.madang.client.ClientOptions;
import io.madang.client.MadangClient;
import io.madang.protocol.json.RawJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Loads one room of a product started for it and says what it bore. Ends with 0 if every delivery was as promised, 1 if one was
 * not or the run failed, 2 if the arguments cannot be used.
 */
public final class RoomLoad {
  private static final String ROOM = "bench";
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

  /** Without a rate nobody knows how many messages there will be; more than this in a run end it early. */
  private static final int MOST_WITHOUT_RATE = 2_000_000;

  private final RoomLoadOptions options;
  private final SentMessages sent;

  private RoomLoad(RoomLoadOptions options) {
    this.options = options;
    long seconds = options.warmUp().plus(options.measured()).toSeconds();
    this.sent = new SentMessages(
        options.isClosedLoop() ? MOST_WITHOUT_RATE : Math.toIntExact(options.rate() * seconds));
  }

  public static void main(String... arguments) {
    System.exit(run(arguments));
  }

  private static int run(String... arguments) {
    if (List.of(arguments).contains("--help")) {
      System.out.println(RoomLoadOptions.USAGE);
      return 0;
    }
    try {
      RoomLoadOptions options = RoomLoadOptions.parse(arguments);
      RoomResult result = new RoomLoad(options).measure();
      System.out.println(result.inWords());
      System.out.println("Written to " + result.writeTo(options.results()) + ".");
      return result.verdict().isClean() ? 0 : 1;
    } catch (BadArgumentsException e) {
      System.err.println(e.getMessage());
      System.err.println(RoomLoadOptions.USAGE);
      return 2;
    } catch (IOException | ExecutionException | TimeoutException | IllegalStateException e) {
      System.err.println("The run failed: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private RoomResult measure()
      throws IOException, ExecutionException, TimeoutException, InterruptedException {
    System.out.println("Starting the product …");
    try (ProductProcess product = ProductProcess.start(options.product());
        MadangClient client = sender(product);
        Listeners listeners = new Listeners(sent)) {
      client
          .command("chat", "joinRoom", RawJson.trusted("{\"room\":\"" + ROOM + "\"}"))
          .get(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS);
      System.out.println("Opening " + options.sockets() + " connections …");
      for (int i = 0; i < options.sockets(); i++) {
        listeners.open(product.gateway(), product.guestToken("guest-" + i), "room:" + ROOM);
      }
      return load(product, client, listeners);
    }
  }

  private static MadangClient sender(ProductProcess product) throws IOException {
    String token = product.guestToken("sender");
    return MadangClient.connect(
        ClientOptions.of(List.of(product.socket()), () -> Optional.of(token))
            .withMaxPending(1_000_000));
  }

  private RoomResult load(ProductProcess product, MadangClient client, Listeners listeners)
      throws IOException, TimeoutException, InterruptedException {
    System.out.printf(
        "Sending for %d s, of which the first %d s warm up …%n",
        options.warmUp().plus(options.measured()).toSeconds(), options.warmUp().toSeconds());
    Sender sender = new Sender(client, options, ROOM, sent);
    listeners.start();
    int first = sender.sendFor(options.warmUp().toNanos(), 0);
    listeners.measureFrom(first);
    Duration productBefore = product.cpu();
    Duration storesBefore = product.storesCpu();
    Duration ownBefore = ownCpu();
    long begin = System.nanoTime();
    int end = sender.sendFor(options.measured().toNanos(), first);
    awaitDeliveries(sender, listeners, end);
    Duration productCpu = product.cpu().minus(productBefore);
    Duration storesCpu = product.storesCpu().minus(storesBefore);
    Duration generatorCpu = ownCpu().minus(ownBefore);
    listeners.stop();
    return new RoomResult(
        Instant.now(),
        commit(),
        options,
        end - first,
        listeners.latencies().getTotalCount(),
        Duration.ofNanos(Math.max(1, listeners.lastNanos() - begin)),
        listeners.latencies(),
        productCpu,
        storesCpu,
        generatorCpu,
        Verdict.of(listeners.checks(), sender.accepted(), sender.failed(), listeners.differing()));
  }

  /** Until every message is answered and heard, or nothing more has come for a while. */
  private void awaitDeliveries(Sender sender, Listeners listeners, int messages)
      throws TimeoutException {
    long heard = -1;
    long since = System.nanoTime();
    while (sender.done() < messages
        || listeners.deliveries() < (long) sender.accepted().cardinality() * options.sockets()) {
      if (listeners.ended().isDone()) {
        throw new IllegalStateException("a connection ended in the middle of the run: "
            + listeners.ended().handle((none, why) -> String.valueOf(why)).join());
      }
      if (listeners.deliveries() != heard) {
        heard = listeners.deliveries();
        since = System.nanoTime();
      } else if (System.nanoTime() - since > ANSWER_LIMIT.toNanos()) {
        // What is missing now is lost, and the verdict says so.
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private static Duration ownCpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** What git calls the code that is measured; "unknown" outside of a clone. */
  private static String commit() throws IOException, InterruptedException {
    Process git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--exclude=*")
        .redirectErrorStream(true)
        .start();
    if (git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0) {
      return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
    return "unknown";
  }
}
