package io.madang.benchmarks.scenario;

import io.madang.benchmarks.measure.Heap;
import io.madang.benchmarks.measure.ProcessCost;
import io.madang.benchmarks.product.Mesh;
import io.madang.benchmarks.report.Figures;
import io.madang.benchmarks.run.Costs;
import io.madang.benchmarks.run.Generator;
import io.madang.benchmarks.run.LoadOptions;
import io.madang.benchmarks.run.Measuring;
import io.madang.benchmarks.run.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Clients that are there and silent: what each takes of the gateway's memory and time. They answer its pings, as browsers do. */
final class Idle implements Scenario {
  /** By then the compilers have done with the arrivals, and each topic was compared with its owner once. */
  private static final Duration SETTLED = Duration.ofSeconds(60);

  /** The gateway's heap begins with this, and takes more when it needs it. */
  private static final String HEAP = "-Xms256m -Xmx1g";

  @Override
  public String about() {
    return "--clients signed-in connections, each with inbox, notifications and one of --topics rooms, say nothing";
  }

  @Override
  public LoadOptions usual() {
    return LoadOptions.usual().withClients(15_000).withTopics(15).withSeconds(60);
  }

  @Override
  public Figures run(Path product, LoadOptions options) throws IOException {
    Map<String, String> roles = new LinkedHashMap<>();
    roles.put("presence-1", "presence");
    roles.put("notification-1", "notification");
    roles.putAll(Stage.plan("chat").roles());
    Mesh.Plan plan = new Mesh.Plan(roles, Mesh.SETTINGS, Map.of(Stage.GATEWAY, HEAP), false);
    try (Stage stage = Stage.start(product, plan, options.clients() + 1)) {
      Generator generator = stage.generator();
      long gateway = stage.mesh().pid(Stage.GATEWAY);
      long heapBefore = Heap.bytesAfterCollection(gateway);
      long residentBefore = ProcessCost.of(gateway).residentBytes();
      int port = stage.mesh().port(Stage.GATEWAY);
      generator.open(Generator.Crowd.of(Measuring.SENDING, "room", 1, port));
      generator.join(Measuring.SENDING, "idle-{n}", options.topics());
      generator.open(Generator.Crowd.of(Measuring.HEARING, "room", options.clients(), port));
      generator.subscribe(Measuring.HEARING, "inbox:{user}", 1, 1);
      generator.subscribe(Measuring.HEARING, "notifications:{user}", 1, 1);
      generator.subscribe(Measuring.HEARING, "room:idle-{n}", options.topics(), 1);
      Stage.pause(SETTLED);

      Costs before = stage.costs();
      Stage.pause(Duration.ofSeconds(options.seconds()));
      Costs after = stage.costs();
      double seconds = after.secondsSince(before);
      double cpu = after.of(Stage.GATEWAY).since(before.of(Stage.GATEWAY)).cpuSeconds();
      long heap = Heap.bytesAfterCollection(gateway);
      long resident = ProcessCost.of(gateway).residentBytes();

      Figures figures = new Figures();
      figures.count("connections", options.clients());
      figures.put("seconds", seconds);
      figures.put("heap KB per connection", (heap - heapBefore) / 1024.0 / options.clients());
      figures.put(
          "RSS KB per connection", (resident - residentBefore) / 1024.0 / options.clients());
      figures.put("gateway CPU us per connection s", cpu * 1e6 / options.clients() / seconds);
      figures.put("heap MB without connections", heapBefore / 1048576.0);
      figures.put("heap MB", heap / 1048576.0);
      figures.put("RSS MB without connections", residentBefore / 1048576.0);
      figures.put("RSS MB", resident / 1048576.0);
      after.put(figures, before, List.of(Stage.GATEWAY), 0);
      generator.report().judge(figures);
      return figures;
    }
  }
}
