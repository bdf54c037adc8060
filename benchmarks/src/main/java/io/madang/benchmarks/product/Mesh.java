package io.madang.benchmarks.product;

import io.madang.stores.EmbeddedStores;
import io.madang.stores.StoresOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A mesh of the built product: embedded stores with everything that makes them durable, and a process for each node. */
public final class Mesh {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);

  private static final String JAVA_OPTIONS = "MADANG_JAVA_OPTS";

  /** What a run changes of the product's settings. */
  public static final Map<String, String> SETTINGS = settings(System.getenv());

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(REQUEST_LIMIT).build();
  private final Children children;
  private final Path product;
  private final EmbeddedStores stores;
  private final Map<String, Process> nodes = new LinkedHashMap<>();
  private final Map<String, Integer> healthPorts = new LinkedHashMap<>();
  private final Map<String, Integer> httpPorts = new LinkedHashMap<>();

  private Mesh(Children children, Path product, EmbeddedStores stores) {
    this.children = children;
    this.product = product;
    this.stores = stores;
  }

  /**
   * What is started.
   *
   * @param roles by name of the node; {@code bench} is the service of this module
   * @param settings of the product's own nodes
   * @param javaOptions by name of the node, for those that get more than the product gives them
   * @param countsStatements whether PostgreSQL counts the statements it is given
   */
  public record Plan(
      Map<String, String> roles,
      Map<String, String> settings,
      Map<String, String> javaOptions,
      boolean countsStatements) {}

  /** One client here is many, and stands for as many; options for all JVMs are whoever's that measures. */
  private static Map<String, String> settings(Map<String, String> given) {
    Map<String, String> settings = new TreeMap<>(Map.of(
        "MADANG_COMMAND_RATE", "1000000",
        "MADANG_COMMAND_BURST", "1000000",
        "MADANG_USER_COMMAND_RATE", "0",
        "MADANG_MAX_PENDING", "10000",
        "MADANG_MAX_PENDING_BYTES", "16777216"));
    String options = given.getOrDefault(JAVA_OPTIONS, "");
    if (!options.isBlank()) {
      settings.put(JAVA_OPTIONS, options);
    }
    return Collections.unmodifiableMap(settings);
  }

  /**
   * Starts it and waits until every node is ready.
   *
   * @param product directory of the built distribution
   */
  public static Mesh start(Children children, Path product, Plan plan) throws IOException {
    if (!Files.isExecutable(product.resolve("bin/madang"))) {
      throw new IOException(
          "there is no built product at " + product + "; ./madang build makes it");
    }
    EmbeddedStores stores =
        EmbeddedStores.start(children.directory().resolve("data"), StoresOptions.defaults());
    children.closeAfterwards(stores::close);
    Mesh mesh = new Mesh(children, product.toAbsolutePath(), stores);
    if (plan.countsStatements()) {
      mesh.countStatements();
    }
    children.watch(stores.postgres().pid());
    children.watch(stores.redis().pid());
    mesh.startNodes(plan.roles(), plan.settings(), plan.javaOptions());
    return mesh;
  }

  private void startNodes(
      Map<String, String> roles, Map<String, String> settings, Map<String, String> javaOptions)
      throws IOException {
    Map<String, Integer> memberPorts = new LinkedHashMap<>();
    for (String node : roles.keySet()) {
      memberPorts.put(node, children.freePort());
      healthPorts.put(node, children.freePort());
      if (roles.get(node).equals("gateway")) {
        httpPorts.put(node, children.freePort());
      }
    }
    String members = String.join(
        ",", memberPorts.values().stream().map(port -> "127.0.0.1:" + port).toList());
    for (String node : roles.keySet()) {
      Map<String, String> environment = new LinkedHashMap<>();
      environment.put("MADANG_CLUSTER_NAME", "bench-" + ProcessHandle.current().pid());
      environment.put("MADANG_CLUSTER_MEMBERS", members);
      environment.put("MADANG_CLUSTER_PORT", Integer.toString(memberPorts.get(node)));
      environment.put("MADANG_HEALTH_PORT", Integer.toString(healthPorts.get(node)));
      environment.put("MADANG_NODE_NAME", node);
      nodes.put(
          node,
          roles.get(node).equals("bench")
              ? children.start(node, benchService(), environment)
              : startNode(node, roles.get(node), environment, settings, javaOptions));
    }
    long end = System.nanoTime() + START_LIMIT.toNanos();
    for (String node : roles.keySet()) {
      awaitReady(node, end);
    }
  }

  private Process startNode(
      String node,
      String role,
      Map<String, String> environment,
      Map<String, String> settings,
      Map<String, String> javaOptions)
      throws IOException {
    environment.putAll(settings);
    environment.put("MADANG_LOG_LEVEL", "warn");
    environment.put("MADANG_POSTGRES_URL", stores.postgresUrl().reveal());
    environment.put("MADANG_REDIS_URL", stores.redisUrl().reveal());
    environment.merge(
        JAVA_OPTIONS, javaOptions.getOrDefault(node, ""), (all, own) -> all + " " + own);
    if (httpPorts.containsKey(node)) {
      environment.put("MADANG_HTTP_PORT", Integer.toString(httpPorts.get(node)));
    }
    return children.start(
        node, List.of(product.resolve("bin/madang").toString(), role), environment);
  }

  /** The service of this module, with the options the product's own processes get. */
  private List<String> benchService() {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin/java").toString(),
        "@" + product.resolve("conf/jvm.options")));
    if (Runtime.version().feature() >= 24) {
      command.add("@" + product.resolve("conf/jvm-24.options"));
    }
    command.addAll(List.of(
        "-Xmx256m",
        "-cp",
        System.getProperty("java.class.path"),
        "io.madang.benchmarks.service.BenchMain"));
    return command;
  }

  private void awaitReady(String node, long end) throws IOException {
    while (!isReady(node)) {
      if (!nodes.get(node).isAlive() || System.nanoTime() - end > 0) {
        throw new IOException(node + " did not start:\n" + children.lastWords());
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  private boolean isReady(String node) throws IOException {
    HttpRequest ready = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + healthPorts.get(node) + "/health/ready"))
        .timeout(REQUEST_LIMIT)
        .build();
    try {
      return http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (ConnectException | HttpTimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Where a gateway's clients connect. */
  public int port(String gateway) {
    return httpPorts.get(gateway);
  }

  public long pid(String node) {
    return nodes.get(node).pid();
  }

  /** By name of the node, those that live. */
  public Map<String, Long> pids() {
    Map<String, Long> pids = new LinkedHashMap<>();
    nodes.forEach((node, process) -> {
      if (process.isAlive()) {
        pids.put(node, process.pid());
      }
    });
    return pids;
  }

  public List<Long> storePids() {
    return List.of(stores.postgres().pid(), stores.redis().pid());
  }

  /** As a crash would. */
  public void kill(String node) {
    nodes.get(node).destroyForcibly();
  }

  /** Users who can sign in, written as a generator reads them. */
  public Path people(int count) throws IOException {
    Path file = children.directory().resolve("people");
    try (Database database = new Database(stores.postgresUrl().reveal())) {
      People.of(database).write(file, count);
    } catch (GeneralSecurityException e) {
      throw new IOException("the issuer's key cannot be read", e);
    }
    return file;
  }

  private void countStatements() {
    try (Database database = admin()) {
      database.query("alter system set shared_preload_libraries = 'pg_stat_statements'");
    }
    stores.postgres().restart();
    try (Database database = admin()) {
      database.query("create extension pg_stat_statements");
    }
  }

  /** A connection that may see everything. */
  public Database admin() {
    return new Database(stores.postgres().adminUrl("madang").reveal());
  }
}
