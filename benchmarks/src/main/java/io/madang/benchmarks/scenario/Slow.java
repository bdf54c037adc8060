package io.madang.benchmarks.scenario;

import io.madang.benchmarks.measure.Heap;
import io.madang.benchmarks.measure.ProcessCost;
import io.madang.benchmarks.report.Figures;
import io.madang.benchmarks.run.Costs;
import io.madang.benchmarks.run.Generator;
import io.madang.benchmarks.run.GeneratorReport;
import io.madang.benchmarks.run.LoadOptions;
import io.madang.benchmarks.run.Measuring;
import io.madang.benchmarks.run.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A tenth of the clients stops reading in the middle of a load: what the others notice of it, and what it takes of memory. */
final class Slow implements Scenario {
  private static final String LAZY = "lazy";
  private static final String BEFORE = "before";
  private static final String AFTER = "after";
  private static final Duration QUIET = Duration.ofSeconds(10);

  /** As little as the kernel gives, so that what is not read soon waits in the gateway. */
  private static final int SMALL_BUFFER = 4_096;

  @Override
  public String about() {
    return "a tenth of --clients connections of one room stops reading after --seconds, for as long";
  }

  @Override
  public LoadOptions usual() {
    return LoadOptions.usual().withRate(100);
  }

  @Override
  public Figures run(Path product, LoadOptions options) throws IOException {
    int lazy = Math.max(1, options.clients() / 10);
    int others = options.clients() - lazy;
    try (Stage stage = Stage.start(product, Stage.plan("chat"), options.clients() + 1)) {
      int port = stage.mesh().port(Stage.GATEWAY);
      Generator generator = stage.generator();
      generator.open(Generator.Crowd.of(Measuring.SENDING, "room", 1, port));
      generator.open(Generator.Crowd.of(Measuring.HEARING, "room", others, port));
      generator.open(Generator.Crowd.of(LAZY, "room", lazy, port)
          .returningTo(List.of())
          .withReceiveBuffer(SMALL_BUFFER));
      generator.join(Measuring.SENDING, "bench-{n}", 1);
      generator.subscribe(Measuring.HEARING, "room:bench-{n}", 1, 1);
      generator.subscribe(LAZY, "room:bench-{n}", 1, 1);
      return measure(stage, options, lazy);
    }
  }

  private static Figures measure(Stage stage, LoadOptions options, int lazy) throws IOException {
    Generator generator = stage.generator();
    long gateway = stage.mesh().pid(Stage.GATEWAY);
    Duration part = Duration.ofSeconds(options.seconds());
    int seconds = options.warmUpSeconds() + 2 * options.seconds() + 8;
    generator.send(Measuring.SENDING, "room:bench-{n}", 1, options, seconds);
    Stage.pause(Duration.ofSeconds(options.warmUpSeconds()));
    long heapBefore = Heap.bytesAfterCollection(gateway);
    long residentBefore = ProcessCost.of(gateway).residentBytes();
    Stage.pause(Duration.ofSeconds(2));
    generator.phase(BEFORE);
    Costs costsBefore = stage.costs();
    Stage.pause(part);
    generator.phase("turn");
    generator.reading(LAZY, false);
    Stage.pause(Duration.ofSeconds(2));
    generator.phase(AFTER);
    Stage.pause(part);
    Costs costsAfter = stage.costs();
    generator.phase("tail");
    long heapAfter = Heap.bytesAfterCollection(gateway);
    long residentAfter = ProcessCost.of(gateway).residentBytes();
    generator.reading(LAZY, true);
    generator.settle(QUIET);

    GeneratorReport heard = generator.report();
    GeneratorReport.Phase before = heard.phase(BEFORE);
    GeneratorReport.Phase after = heard.phase(AFTER);
    Figures figures = new Figures();
    figures.count("stopped clients", lazy);
    figures.latency("all read", before.heard().get(Measuring.HEARING));
    figures.latency("some stopped", after.heard().get(Measuring.HEARING));
    figures.count("deliveries all read", before.deliveries(Measuring.HEARING));
    figures.count("deliveries some stopped", after.deliveries(Measuring.HEARING));
    figures.put("heap growth KB per stopped", (heapAfter - heapBefore) / 1024.0 / lazy);
    figures.put("RSS growth KB per stopped", (residentAfter - residentBefore) / 1024.0 / lazy);
    figures.count("evictions", generator.returned().ends());
    costsAfter.put(
        figures,
        costsBefore,
        List.of(Stage.GATEWAY),
        before.deliveries(Measuring.HEARING) + after.deliveries(Measuring.HEARING));
    heard.judge(figures);
    return figures;
  }
}
