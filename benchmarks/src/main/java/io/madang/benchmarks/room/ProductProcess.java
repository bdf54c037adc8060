package io.madang.benchmarks.room;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The product as a process of its own, role {@code all} with its own stores on an empty data directory, which is deleted at
 * the end. Limits that protect a gateway from one client are raised, as here one client is all.
 */
final class ProductProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);
  private static final Pattern TOKEN = Pattern.compile("\"accessToken\"\\s*:\\s*\"([^\"]+)\"");

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(REQUEST_LIMIT).build();
  private final Path directory;
  private final int port;
  private final int healthPort;
  private final Process process;
  private final Thread hook = new Thread(this::kill, "kill-product");

  /** PostgreSQL and Redis, which would outlive a product that is killed; empty until it is ready. */
  private List<ProcessHandle> stores = List.of();

  private ProductProcess(Path directory, int port, int healthPort, Process process) {
    this.directory = directory;
    this.port = port;
    this.healthPort = healthPort;
    this.process = process;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts it and waits until it is ready. */
  static ProductProcess start(Path product) throws IOException {
    Path launcher = product.resolve("bin/madang").toAbsolutePath();
    if (!Files.isExecutable(launcher)) {
      throw new IOException(
          "there is no built product at " + product + "; ./madang build makes it");
    }
    Path directory = Files.createTempDirectory("madang-bench");
    int port = freePort();
    int healthPort = freePort();
    ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "all")
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("product.log").toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("MADANG_") && !name.equals("MADANG_JAVA_OPTS"));
    builder
        .environment()
        .putAll(Map.ofEntries(
            Map.entry("MADANG_DATA_DIR", directory.resolve("data").toString()),
            Map.entry("MADANG_HTTP_PORT", Integer.toString(port)),
            Map.entry("MADANG_HEALTH_PORT", Integer.toString(healthPort)),
            Map.entry("MADANG_LOG_LEVEL", "warn"),
            Map.entry("MADANG_COMMAND_RATE", "1000000"),
            Map.entry("MADANG_COMMAND_BURST", "1000000"),
            Map.entry("MADANG_USER_COMMAND_RATE", "0"),
            Map.entry("MADANG_MAX_PENDING", "5000"),
            Map.entry("MADANG_ACCEPT_RATE", "1000000"),
            Map.entry("MADANG_CONNECTIONS_PER_ADDRESS", "1000000"),
            Map.entry("MADANG_AUTH_GUESTS_PER_ADDRESS", "100000")));
    ProductProcess started = new ProductProcess(directory, port, healthPort, builder.start());
    try {
      started.awaitReady();
      return started;
    } catch (IOException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() throws IOException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        throw new IOException("the product did not start:\n" + String.join("\n", lastWords()));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    stores = process.descendants().toList();
  }

  private List<String> lastWords() throws IOException {
    List<String> all = Files.readAllLines(directory.resolve("product.log"));
    return all.subList(Math.max(0, all.size() - 20), all.size());
  }

  private boolean isReady() {
    try {
      HttpRequest ready = HttpRequest.newBuilder(
              URI.create("http://127.0.0.1:" + healthPort + "/health/ready"))
          .timeout(REQUEST_LIMIT)
          .build();
      return http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** An access token of a new guest. */
  String guestToken(String name) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port + "/api/auth/guest"))
        .timeout(REQUEST_LIMIT)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"" + name + "\"}"))
        .build();
    try {
      String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      Matcher token = TOKEN.matcher(body);
      if (!token.find()) {
        throw new IOException("no token for the guest " + name + ": " + body);
      }
      return token.group(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  InetSocketAddress gateway() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  URI socket() {
    return URI.create("ws://127.0.0.1:" + port + "/ws");
  }

  /** What the product's own JVM has used of all processors so far. */
  Duration cpu() {
    return cpuOf(process.toHandle());
  }

  /** The same of PostgreSQL and Redis, as far as their processes still live. */
  Duration storesCpu() {
    return process.descendants().map(ProductProcess::cpuOf).reduce(Duration.ZERO, Duration::plus);
  }

  private static Duration cpuOf(ProcessHandle handle) {
    return handle.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    stores.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Stops it in order, by force if that takes too long, and deletes its data. */
  @Override
  public void close() {
    process.destroy();
    try {
      boolean inTime = process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (!inTime || stores.stream().anyMatch(ProcessHandle::isAlive)) {
        kill();
      }
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      kill();
    } catch (IllegalStateException e) {
      // The JVM is ending already, and the hook kills what is left.
      kill();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the data of the benchmark stays in " + directory, e);
    }
  }
}
