package io.madang.system;

import io.madang.client.ClientOptions;
import io.madang.client.MadangClient;
import io.madang.testkit.FreePorts;
import io.madang.testkit.RunningProcess;
import io.madang.testkit.TestDatabase;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestServer;
import io.madang.testkit.TestStores;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * A mesh of separate processes of the distribution, each role started alone against given stores and members, as an operator
 * would. Ends with the test.
 */
final class MeshProcesses implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Pattern TOKEN = Pattern.compile("\"accessToken\"\\s*:\\s*\"([^\"]+)\"");

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final Stores stores;
  private final String cluster = "test-" + UUID.randomUUID();
  private final Path directory;
  private final Map<String, RunningProcess> processes = new LinkedHashMap<>();
  private final Map<String, Integer> healthPorts = new LinkedHashMap<>();
  private final Map<String, Integer> httpPorts = new LinkedHashMap<>();
  private final Map<String, Integer> memberPorts = new LinkedHashMap<>();
  private final Map<String, String> extra;

  /** Where a mesh keeps what it knows, and what of it goes with the mesh. */
  private record Stores(TestDatabase database, String redisUrl, Runnable end) {
    static Stores shared() {
      TestKeyspace keyspace = TestStores.createKeyspace();
      return new Stores(TestStores.createDatabase(), keyspace.url(), keyspace::close);
    }

    static Stores own(TestServer postgres, TestServer redis) {
      return new Stores(TestDatabase.of(postgres.url()), redis.url(), () -> {});
    }

    static Stores own(TestServer postgres) {
      TestKeyspace keyspace = TestStores.createKeyspace();
      return new Stores(TestDatabase.of(postgres.url()), keyspace.url(), keyspace::close);
    }
  }

  private MeshProcesses(Stores stores, Map<String, String> extra) {
    this.stores = stores;
    this.extra = extra;
    try {
      this.directory = Files.createTempDirectory("madang-mesh");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Starts the processes and waits until each is ready.
   *
   * @param roles role by node name, in the order they start
   * @param settings given to all
   */
  static MeshProcesses start(Map<String, String> roles, Map<String, String> settings) {
    return start(Stores.shared(), roles, settings);
  }

  /** As the other form, on a PostgreSQL that the test may kill, and closes. */
  static MeshProcesses startOn(
      TestServer postgres, Map<String, String> roles, Map<String, String> settings) {
    return start(Stores.own(postgres), roles, settings);
  }

  /** As the other form, on stores that the test may kill, and closes. */
  static MeshProcesses startOn(
      TestServer postgres,
      TestServer redis,
      Map<String, String> roles,
      Map<String, String> settings) {
    return start(Stores.own(postgres, redis), roles, settings);
  }

  private static MeshProcesses start(
      Stores stores, Map<String, String> roles, Map<String, String> settings) {
    MeshProcesses mesh = new MeshProcesses(stores, settings);
    try {
      roles.keySet().forEach(node -> mesh.memberPorts.put(node, FreePorts.one()));
      roles.forEach(mesh::launch);
      roles.keySet().forEach(mesh::awaitReady);
      return mesh;
    } catch (RuntimeException | AssertionError e) {
      mesh.close();
      throw e;
    }
  }

  /** Two gateways, two chat nodes, one of each other service. */
  static MeshProcesses whole(Map<String, String> settings) {
    Map<String, String> roles = new LinkedHashMap<>();
    roles.put("chat-1", "chat");
    roles.put("chat-2", "chat");
    roles.put("presence-1", "presence");
    roles.put("notification-1", "notification");
    roles.put("dashboard-1", "dashboard");
    roles.put("gateway-1", "gateway");
    roles.put("gateway-2", "gateway");
    return start(roles, settings);
  }

  /** Two gateways and two chat nodes: what messages need. */
  static Map<String, String> chatOnly() {
    Map<String, String> roles = new LinkedHashMap<>();
    roles.put("chat-1", "chat");
    roles.put("chat-2", "chat");
    roles.put("gateway-1", "gateway");
    roles.put("gateway-2", "gateway");
    return roles;
  }

  private void launch(String node, String role) {
    int health = FreePorts.one();
    healthPorts.put(node, health);
    Map<String, String> environment = new LinkedHashMap<>(extra);
    environment.put("MADANG_NODE_NAME", node);
    environment.put("MADANG_POSTGRES_URL", stores.database().url());
    environment.put("MADANG_REDIS_URL", stores.redisUrl());
    environment.put("MADANG_CLUSTER_NAME", cluster);
    environment.put("MADANG_CLUSTER_PORT", Integer.toString(memberPorts.get(node)));
    environment.put(
        "MADANG_CLUSTER_MEMBERS",
        String.join(
            ",", memberPorts.values().stream().map(port -> "127.0.0.1:" + port).toList()));
    environment.put("MADANG_HEALTH_PORT", Integer.toString(health));
    if (role.equals("gateway")) {
      int port = FreePorts.one();
      httpPorts.put(node, port);
      environment.put("MADANG_HTTP_PORT", Integer.toString(port));
      environment.put("MADANG_AUTH_GUESTS", "true");
    }
    processes.put(
        node, RunningProcess.start(node, Distribution.command(role), environment, directory));
  }

  private void awaitReady(String node) {
    Awaitility.await(node + " is ready")
        .atMost(START_LIMIT)
        .ignoreException(NotAnsweredException.class)
        .failFast(node + " ended", () -> requireAlive(node))
        .until(() -> page(node, "/health/ready").statusCode() == 200);
  }

  private void requireAlive(String node) {
    if (!process(node).isAlive()) {
      throw new AssertionError(String.join("\n", process(node).lines()));
    }
  }

  /** A page of a node's health port. */
  HttpResponse<String> page(String node, String path) {
    URI uri = URI.create("http://127.0.0.1:" + healthPorts.get(node) + path);
    try {
      return http.send(
          HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new NotAnsweredException(uri, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static final class NotAnsweredException extends RuntimeException {
    NotAnsweredException(URI uri, IOException reason) {
      super(uri + " does not answer", reason);
    }
  }

  /** Commands that the service on a node has done, as its metrics tell. */
  double commandsDone(String node) {
    return page(node, "/metrics")
        .body()
        .lines()
        .filter(
            line -> line.startsWith("madang_commands_total") && line.contains("outcome=\"done\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  RunningProcess process(String node) {
    return processes.get(node);
  }

  TestDatabase database() {
    return stores.database();
  }

  /** Address of a gateway, {@code http://127.0.0.1:<port>}. */
  String address(String gateway) {
    return "http://127.0.0.1:" + httpPorts.get(gateway);
  }

  /** Address of a gateway's sockets. */
  URI socket(String gateway) {
    return URI.create(address(gateway).replace("http:", "ws:") + "/ws");
  }

  /** The sockets of all gateways. */
  List<URI> sockets() {
    return httpPorts.keySet().stream().map(this::socket).toList();
  }

  /** The chat node that has done the most: where commands of the busiest room go. */
  String busiest(String first, String second) {
    return commandsDone(first) >= commandsDone(second) ? first : second;
  }

  /** An access token of a new guest. */
  String guestToken(String gateway, String name) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address(gateway) + "/api/auth/guest"))
        .timeout(Duration.ofSeconds(30))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"" + name + "\"}"))
        .build();
    try {
      String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      Matcher token = TOKEN.matcher(body);
      if (!token.find()) {
        throw new AssertionError("no token for the guest " + name + ": " + body);
      }
      return token.group(1);
    } catch (IOException e) {
      throw new AssertionError("no token for the guest " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A client of one gateway as a new guest. */
  MadangClient client(String gateway, String name) {
    return clientOf(gateway, guestToken(gateway, name));
  }

  /** A client of one gateway as whom the token names. */
  MadangClient clientOf(String gateway, String token) {
    return MadangClient.connect(ClientOptions.of(List.of(socket(gateway)), () -> Optional.of(token))
        .withCommandTimeout(Duration.ofSeconds(60)));
  }

  @Override
  public void close() {
    List<RunningProcess> all = new ArrayList<>(processes.values());
    all.forEach(RunningProcess::close);
    stores.end().run();
  }
}
