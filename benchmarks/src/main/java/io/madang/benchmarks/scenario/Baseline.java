package io.madang.benchmarks.scenario;

import io.madang.benchmarks.product.Children;
import io.madang.benchmarks.report.Figures;
import io.madang.benchmarks.run.Costs;
import io.madang.benchmarks.run.Generator;
import io.madang.benchmarks.run.LoadOptions;
import io.madang.benchmarks.run.Measuring;
import io.madang.benchmarks.run.Meter;
import io.madang.benchmarks.run.Stage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The fan-out of a server that is not ours, with the same generator and load. It tells whether the machine is what it was. */
final class Baseline implements Scenario {
  private static final String SERVER = "server";
  private static final String TOPIC = "bench";
  private static final Duration REGISTERED = Duration.ofSeconds(1);

  private final String door;
  private final String main;
  private final double least;
  private final String about;

  private Baseline(String door, String main, double least, String about) {
    this.door = door;
    this.main = main;
    this.least = least;
    this.about = about;
  }

  static Baseline bridge() {
    return new Baseline(
        "bridge",
        "io.madang.benchmarks.baseline.BridgeServer",
        35_000,
        "the same load on the SockJS event-bus bridge of Vert.x as it comes");
  }

  static Baseline writeEach() {
    return new Baseline(
        "write-each",
        "io.madang.benchmarks.baseline.WriteEachServer",
        80_000,
        "the same load on a server with one writeTextMessage for each socket and message");
  }

  @Override
  public String about() {
    return about;
  }

  @Override
  public LoadOptions usual() {
    return LoadOptions.usual();
  }

  @Override
  public Figures run(Path product, LoadOptions options) throws IOException {
    try (Children children = Children.begin()) {
      int port = children.freePort();
      Process server = start(children, product, port);
      Path nobody = Files.createFile(children.directory().resolve("people"));
      Generator generator = Generator.start(children, nobody);
      generator.open(Generator.Crowd.of(Measuring.SENDING, door, 1, port));
      generator.open(Generator.Crowd.of(Measuring.HEARING, door, options.clients(), port));
      generator.subscribe(Measuring.HEARING, TOPIC, 1, 1);
      Stage.pause(REGISTERED);
      Map<String, Long> nodes = Map.of(SERVER, server.pid());
      Figures figures = Measuring.run(
          generator,
          new Meter(() -> Costs.now(nodes, List.of(), generator.pids()), nodes),
          options,
          TOPIC,
          options.clients());
      double reached = figures.get("deliveries per gateway CPU s");
      if (reached < least) {
        figures.fail(
            "%.0f deliveries per CPU second, and %.0f is the least: the machine or this baseline is broken"
                .formatted(reached, least));
      }
      return figures;
    }
  }

  private Process start(Children children, Path product, int port) throws IOException {
    List<String> command = List.of(
        Path.of(System.getProperty("java.home"), "bin/java").toString(),
        "@" + product.toAbsolutePath().resolve("conf/jvm.options"),
        "-Xmx1g",
        "-cp",
        System.getProperty("java.class.path"),
        main,
        Integer.toString(port));
    Process server = children.startTalking(SERVER, command);
    String said = new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))
        .readLine();
    if (!"ready".equals(said)) {
      throw new IOException("the baseline did not start:\n" + children.lastWords());
    }
    return server;
  }
}
