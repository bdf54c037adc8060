package io.madang.system;

import io.madang.client.ClientOptions;
import io.madang.client.MadangClient;
import io.madang.protocol.code.CloseCode;
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
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * A mesh of separate processes of the distribution, each role started alone against given stores and members, as an operator
 * would. Ends with the test.
 */
final class MeshProcesses implements AutoCloseable {
  /** As long as a process gives itself for its start. */
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private static final Duration STOP_LIMIT = Duration.ofSeconds(40);
  private static final Duration BUSY_FOR = Duration.ofMillis(300);
  private static final String GATEWAY = "gateway";
  private static final Pattern TOLD_OF_FAILED = Pattern.compile(
      "^madang_(connections|lagging|holes|gaps|catch_ups|owner_reads|deliveries|topics)");
  private static final String FAULTS = "/faults";
  private static final int PORTS_OF_A_NODE = 3;
  private static final Pattern ACCESS_TOKEN = quoted("accessToken");
  private static final Pattern REFRESH_TOKEN = quoted("refreshToken");
  private static final Pattern USER = quoted("id");

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final Stores stores;
  private final String cluster = "test-" + UUID.randomUUID();
  private final Path directory;
  private final Map<String, String> roles;

  /** The present process of each node; a later one takes the place of one that ended. */
  private final Map<String, RunningProcess> processes = new LinkedHashMap<>();

  /** Nodes that run with settings of their own. */
  private final Set<String> altered = new HashSet<>();

  private final Map<String, Integer> healthPorts = new LinkedHashMap<>();
  private final Map<String, Integer> httpPorts = new LinkedHashMap<>();
  private final Map<String, Integer> memberPorts = new LinkedHashMap<>();
  private final Map<String, String> settings;

  /** What some nodes have beside these; written before the first process is launched. */
  private final Map<String, Map<String, String>> ownSettings = new LinkedHashMap<>();

  /** Only when the mesh is in one; written before the first process is launched. */
  private Optional<Rig> rig = Optional.empty();

  /** Where a mesh keeps what it knows, which goes with it. Servers are there when they are the mesh's own. */
  private record Stores(
      TestDatabase database,
      String redisUrl,
      Optional<TestServer> postgres,
      Optional<TestServer> redis,
      Runnable end) {
    static Stores shared() {
      TestKeyspace keyspace = TestStores.createKeyspace();
      return new Stores(
          TestStores.createDatabase(),
          keyspace.url(),
          Optional.empty(),
          Optional.empty(),
          keyspace::close);
    }

    static Stores own() {
      TestServer postgres = TestStores.ownPostgres();
      TestServer redis = TestStores.ownRedis();
      return new Stores(
          TestDatabase.of(postgres.url()),
          redis.url(),
          Optional.of(postgres),
          Optional.of(redis),
          () -> {
            postgres.close();
            redis.close();
          });
    }

    void revive() {
      postgres.ifPresent(TestServer::start);
      redis.ifPresent(TestServer::start);
    }
  }

  private static Pattern quoted(String name) {
    return Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"]+)\"");
  }

  private MeshProcesses(Stores stores, Map<String, String> roles, Map<String, String> settings) {
    this.stores = stores;
    this.roles = new LinkedHashMap<>(roles);
    this.settings = settings;
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
    return start(roles, settings, Map.of());
  }

  /**
   * As the other.
   *
   * @param own what some nodes have beside, by node name
   */
  static MeshProcesses start(
      Map<String, String> roles,
      Map<String, String> settings,
      Map<String, Map<String, String>> own) {
    return start(Stores.shared(), roles, settings, own, false);
  }

  /** As {@link #start}, with a PostgreSQL and a Redis of its own, which a test may kill. */
  static MeshProcesses startWithStores(Map<String, String> roles, Map<String, String> settings) {
    return start(Stores.own(), roles, settings, Map.of(), false);
  }

  /** As {@link #start}, in a {@link Rig}. */
  static MeshProcesses startRigged(Map<String, String> roles, Map<String, String> settings) {
    return start(Stores.shared(), roles, settings, Map.of(), true);
  }

  private static MeshProcesses start(
      Stores stores,
      Map<String, String> roles,
      Map<String, String> settings,
      Map<String, Map<String, String>> own,
      boolean rigged) {
    MeshProcesses mesh = new MeshProcesses(stores, roles, settings);
    mesh.ownSettings.putAll(own);
    try {
      // All at once, as two that are asked for one after the other may be the same.
      int ports = PORTS_OF_A_NODE + (rigged ? Wires.PORTS_OF_A_NODE : 0);
      Iterator<Integer> free = FreePorts.take(ports * roles.size()).iterator();
      if (rigged) {
        mesh.rig = Optional.of(new Rig(roles.keySet(), free, mesh.directory));
      }
      roles.forEach((node, role) -> {
        mesh.memberPorts.put(
            node, mesh.rig.map(of -> of.wires().publicMemberPort(node)).orElseGet(free::next));
        mesh.healthPorts.put(node, free.next());
        if (role.equals(GATEWAY)) {
          mesh.httpPorts.put(node, free.next());
        }
      });
      roles.keySet().forEach(node -> mesh.launch(node, Map.of()));
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
    roles.put("gateway-1", GATEWAY);
    roles.put("gateway-2", GATEWAY);
    return start(roles, settings);
  }

  /** Two gateways and two chat nodes: what messages need. */
  static Map<String, String> chatOnly() {
    Map<String, String> roles = new LinkedHashMap<>();
    roles.put("chat-1", "chat");
    roles.put("chat-2", "chat");
    roles.put("gateway-1", GATEWAY);
    roles.put("gateway-2", GATEWAY);
    return roles;
  }

  /** Two of everything that loses nothing by it, and a dashboard. */
  static Map<String, String> twoOfEach() {
    Map<String, String> roles = chatOnly();
    roles.put("presence-1", "presence");
    roles.put("presence-2", "presence");
    roles.put("notification-1", "notification");
    roles.put("notification-2", "notification");
    roles.put("dashboard-1", "dashboard");
    return roles;
  }

  private void launch(String node, Map<String, String> own) {
    Map<String, String> environment = new LinkedHashMap<>(settings);
    environment.put("MADANG_NODE_NAME", node);
    environment.put("MADANG_POSTGRES_URL", stores.database().url());
    environment.put("MADANG_REDIS_URL", stores.redisUrl());
    environment.put("MADANG_CLUSTER_PORT", Integer.toString(memberPorts.get(node)));
    environment.putAll(joining());
    environment.put("MADANG_HEALTH_PORT", Integer.toString(healthPorts.get(node)));
    if (httpPorts.containsKey(node)) {
      environment.put("MADANG_HTTP_PORT", Integer.toString(httpPorts.get(node)));
      environment.put("MADANG_AUTH_GUESTS", "true");
    }
    rig.ifPresent(of -> environment.putAll(of.settings(node)));
    environment.putAll(ownSettings.getOrDefault(node, Map.of()));
    environment.putAll(own);
    RunningProcess process =
        RunningProcess.start(node, Distribution.command(roles.get(node)), environment, directory);
    processes.put(node, process);
    rig.ifPresent(of -> of.wires().started(node, process.pid()));
  }

  /**
   * Starts a node again in place of its process, which is killed if it lives, and waits until it is ready. It is found where it
   * was.
   *
   * @param own settings of this node alone, which {@link #heal} takes from it again
   */
  void launchAgain(String node, Map<String, String> own) {
    process(node).close();
    launch(node, own);
    if (own.isEmpty()) {
      altered.remove(node);
    } else {
      altered.add(node);
    }
    awaitReady(node);
  }

  /** Stops nodes in order, all at the same time, and starts them again; waits until they are ready. */
  void restart(Collection<String> nodes) {
    nodes.forEach(node -> process(node).terminate());
    nodes.forEach(node -> process(node).awaitExit(STOP_LIMIT));
    nodes.forEach(node -> launch(node, Map.of()));
    nodes.forEach(this::awaitReady);
  }

  /** Brings everything back to how it was at the start: every store and every process up and ready. */
  void heal() {
    stores.revive();
    rig.ifPresent(of -> of.wires().heal());
    processes.values().stream().filter(RunningProcess::isAlive).forEach(RunningProcess::thaw);
    List<String> wrong = roles.keySet().stream()
        .filter(node -> altered.contains(node) || !process(node).isAlive())
        .toList();
    wrong.forEach(node -> {
      process(node).close();
      launch(node, Map.of());
    });
    altered.clear();
    rig.ifPresent(of -> roles.keySet().forEach(node -> of.clocks().set(node, Duration.ZERO)));
    roles.keySet().forEach(this::awaitReady);
    rig.ifPresent(of -> roles.keySet().forEach(node -> putFaults(node, "{}")));
  }

  /** The settings by which a process joins this mesh. */
  Map<String, String> joining() {
    List<String> members =
        memberPorts.values().stream().map(port -> "127.0.0.1:" + port).toList();
    return Map.of(
        "MADANG_CLUSTER_NAME", cluster, "MADANG_CLUSTER_MEMBERS", String.join(",", members));
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
    return ask(node, path, HttpRequest.Builder::GET);
  }

  private HttpResponse<String> ask(
      String node, String path, UnaryOperator<HttpRequest.Builder> method) {
    URI uri = URI.create("http://127.0.0.1:" + healthPorts.get(node) + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5));
    try {
      return http.send(method.apply(request).build(), HttpResponse.BodyHandlers.ofString());
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

  /** What gateways count, and which bytes wait in the network for or from their clients; to be read when a test has failed. */
  String standing() {
    List<String> lines = new ArrayList<>();
    httpPorts.forEach((node, port) -> {
      if (process(node).isAlive()) {
        lines.add(node + ":");
        page(node, "/metrics")
            .body()
            .lines()
            .filter(line -> TOLD_OF_FAILED.matcher(line).find())
            .forEach(lines::add);
        lines.addAll(waitingInTheNetwork(port));
      }
    });
    return String.join("\n", lines);
  }

  /** Rows of the kernel's table of connections: local and remote address, bytes to be sent and to be read, all in hexadecimal. */
  private static List<String> waitingInTheNetwork(int port) {
    List<String> rows = new ArrayList<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      try {
        Files.readAllLines(Path.of(table)).stream()
            .filter(row -> row.contains(":%04X ".formatted(port)))
            .filter(row -> !row.contains(" 00000000:00000000 "))
            .forEach(rows::add);
      } catch (IOException e) {
        rows.add(e.toString());
      }
    }
    return rows;
  }

  /** What goes wrong in a node of a rigged mesh from now on, instead of what did until now. */
  void putFaults(String node, String plan) {
    HttpResponse<String> answer =
        ask(node, FAULTS, request -> request.PUT(HttpRequest.BodyPublishers.ofString(plan)));
    if (answer.statusCode() != 204) {
      throw new AssertionError(node + " takes no faults: " + answer.body());
    }
  }

  /** What a node of a rigged mesh takes for the time, and what went wrong in it by its plan, as JSON. */
  String faultReport(String node) {
    return page(node, FAULTS).body();
  }

  /** The rig of a mesh that is in one. */
  Rig rig() {
    return rig.orElseThrow();
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

  /** Connections that a gateway has closed for this reason since it was started. */
  double closes(String gateway, CloseCode code) {
    String wanted = "code=\"" + code.name().toLowerCase(Locale.ROOT).replace('_', '-') + "\"";
    return page(gateway, "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("madang_closes_total") && line.contains(wanted))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  RunningProcess process(String node) {
    return processes.get(node);
  }

  Set<String> nodes() {
    return Set.copyOf(roles.keySet());
  }

  TestDatabase database() {
    return stores.database();
  }

  /** The PostgreSQL of a mesh with stores of its own. */
  TestServer postgres() {
    return stores.postgres().orElseThrow();
  }

  /** The Redis of a mesh with stores of its own. */
  TestServer redis() {
    return stores.redis().orElseThrow();
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

  /** Which of two nodes does more at the moment: where commands of the busiest room go. */
  String busiest(String first, String second) {
    double firstBefore = commandsDone(first);
    double secondBefore = commandsDone(second);
    Pause.of(BUSY_FOR);
    return commandsDone(first) - firstBefore >= commandsDone(second) - secondBefore
        ? first
        : second;
  }

  /** An access token of a new guest. */
  String guestToken(String gateway, String name) {
    return word(ACCESS_TOKEN, signIn(gateway, "guest", "{\"name\":\"" + name + "\"}"));
  }

  /** An access token of a new guest, and the next of the same sign-in, which another gateway gives. */
  List<String> guestTokens(String gateway, String name, String other) {
    String guest = signIn(gateway, "guest", "{\"name\":\"" + name + "\"}");
    String refresh = "{\"refreshToken\":\"" + word(REFRESH_TOKEN, guest) + "\"}";
    return List.of(
        word(ACCESS_TOKEN, guest), word(ACCESS_TOKEN, signIn(other, "refresh", refresh)));
  }

  /** An access token of a new guest who may do what admins may. */
  String adminToken(String gateway, String name) {
    return tokenWithRoles(gateway, name, "admin");
  }

  /** An access token of a new guest who has these roles, separated by commas. */
  String tokenWithRoles(String gateway, String name, String roles) {
    String guest = signIn(gateway, "guest", "{\"name\":\"" + name + "\"}");
    try {
      database()
          .execute("update identity.account set roles = '{%s}' where id = '%s'"
              .formatted(roles, word(USER, guest)));
    } catch (SQLException e) {
      throw new AssertionError("no roles for " + name, e);
    }
    String refresh = "{\"refreshToken\":\"" + word(REFRESH_TOKEN, guest) + "\"}";
    return word(ACCESS_TOKEN, signIn(gateway, "refresh", refresh));
  }

  /** Ends the sign-in that this token is of, which no gateway lets in any more a second later. */
  void signOut(String gateway, String token) {
    String unused = signIn(gateway, "logout", "{}", "Authorization", "Bearer " + token);
  }

  private String signIn(String gateway, String way, String body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create(address(gateway) + "/api/auth/" + way))
        .timeout(Duration.ofSeconds(30))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new AssertionError("no sign-in at " + gateway, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String word(Pattern pattern, String answer) {
    Matcher found = pattern.matcher(answer);
    if (!found.find()) {
      throw new AssertionError("no " + pattern + " in " + answer);
    }
    return found.group(1);
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
    rig.ifPresent(Rig::close);
    stores.end().run();
  }
}
