package io.madang.system.signalr;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * The processes in which Microsoft's clients run: one of Node for all its versions, and one JVM for each version of the client for
 * Java, as its versions cannot be in one class path. Each is started when the first client of it is wanted. Close it.
 */
public final class Peers implements AutoCloseable {
  private static final String NODE = "node";

  private final Path system;
  private final Map<String, PeerProcess> processes = new LinkedHashMap<>();
  private final AtomicInteger clients = new AtomicInteger();

  /** Of the compiled peer; null until a JVM is wanted. */
  private Path classes;

  /** @param system where the module of the system tests is */
  public Peers(Path system) {
    this.system = system;
  }

  /** A client that is not started yet. */
  public HubClient client(ClientKind kind, HubClient.Options options) {
    return new HubClient(process(kind), kind + " #" + clients.incrementAndGet(), kind, options);
  }

  /** One client of each kind, started at the same time. */
  public Crowd crowd(List<ClientKind> kinds, Function<ClientKind, HubClient.Options> options) {
    Crowd crowd = crowdOf(kinds, options);
    crowd.each(HubClient::open);
    return crowd;
  }

  /** One client of each kind; none is started yet. */
  public Crowd crowdOf(List<ClientKind> kinds, Function<ClientKind, HubClient.Options> options) {
    return new Crowd(
        kinds.stream().map(kind -> client(kind, options.apply(kind))).toList());
  }

  private synchronized PeerProcess process(ClientKind kind) {
    return kind.language() == ClientKind.Language.JAVASCRIPT
        ? processes.computeIfAbsent(NODE, this::node)
        : processes.computeIfAbsent(kind.version(), this::java);
  }

  private PeerProcess node(String name) {
    return new PeerProcess(name, List.of("node", "signalr-peer.mjs"), system.resolve("clients"));
  }

  private PeerProcess java(String version) {
    return new PeerProcess(
        "java " + version,
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-cp",
            compiled() + File.pathSeparator + jars(version),
            "SignalRPeer"),
        system);
  }

  /** What this version came with. */
  private String jars(String version) {
    Path folder = system.resolve("target").resolve("signalr-" + version);
    try (Stream<Path> jars = Files.list(folder)) {
      return jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    } catch (IOException e) {
      throw new AssertionError(
          folder + " is not there; build it with 'mvn -DskipTests package'", e);
    }
  }

  /** Against the oldest version, as what that has the others have. */
  private Path compiled() {
    if (classes == null) {
      try {
        classes = Files.createTempDirectory("signalr-peer");
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
      List<String> versions = ClientKind.JAVA_VERSIONS;
      int failed = compiler.run(
          null,
          null,
          null,
          "-proc:none",
          "-d",
          classes.toString(),
          "-cp",
          jars(versions.get(versions.size() - 1)),
          system.resolve("clients").resolve("SignalRPeer.java").toString());
      if (failed != 0) {
        throw new AssertionError("the peer in Java does not compile");
      }
    }
    return classes;
  }

  /** What failed in the clients and no test asked for; of all since their processes were started. */
  public List<String> strays() {
    List<String> strays = new ArrayList<>();
    processes.values().forEach(process -> strays.addAll(process.strays()));
    return strays;
  }

  @Override
  public void close() {
    processes.values().forEach(PeerProcess::close);
  }
}
