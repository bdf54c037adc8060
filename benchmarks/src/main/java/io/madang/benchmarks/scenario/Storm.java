package io.madang.benchmarks.scenario;

import io.madang.benchmarks.measure.Statements;
import io.madang.benchmarks.product.Database;
import io.madang.benchmarks.product.Mesh;
import io.madang.benchmarks.report.Figures;
import io.madang.benchmarks.run.Generator;
import io.madang.benchmarks.run.GeneratorReport;
import io.madang.benchmarks.run.LoadOptions;
import io.madang.benchmarks.run.Measuring;
import io.madang.benchmarks.run.Returned;
import io.madang.benchmarks.run.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A gateway is killed, and all its clients come to the other one at once: each waits as our own clients do, resumes from its
 * positions, and is back when it stands where the clients stand that were there all the time.
 */
final class Storm implements Scenario {
  private static final String SURVIVING = "surviving";
  private static final String BEFORE = "before";
  private static final String STORM = "storm";
  private static final int SURVIVORS = 500;
  private static final int STATEMENTS_TOLD = 8;
  private static final Duration LONGEST = Duration.ofSeconds(90);
  private static final Duration QUIET = Duration.ofSeconds(10);

  @Override
  public String about() {
    return "the gateway of --clients connections in --topics rooms is killed; all come back to the other one";
  }

  @Override
  public LoadOptions usual() {
    return LoadOptions.usual().withClients(10_000).withTopics(10).withSeconds(20);
  }

  @Override
  public Figures run(Path product, LoadOptions options) throws IOException {
    Map<String, String> roles = new LinkedHashMap<>(Stage.plan("chat").roles());
    roles.put(Stage.OTHER_GATEWAY, "gateway");
    Mesh.Plan plan = new Mesh.Plan(roles, Mesh.SETTINGS, Map.of(), true);
    int people = options.clients() + SURVIVORS + options.topics();
    try (Stage stage = Stage.start(product, plan, people)) {
      Generator generator = stage.generator();
      int dying = stage.mesh().port(Stage.GATEWAY);
      int staying = stage.mesh().port(Stage.OTHER_GATEWAY);
      generator.open(Generator.Crowd.of(Measuring.SENDING, "room", options.topics(), staying));
      generator.open(Generator.Crowd.of(SURVIVING, "room", SURVIVORS, staying));
      generator.open(Generator.Crowd.of(Measuring.HEARING, "room", options.clients(), dying)
          .returningTo(List.of(staying)));
      generator.join(Measuring.SENDING, "bench-{n}", options.topics());
      generator.subscribe(SURVIVING, "room:bench-{n}", options.topics(), 1);
      generator.subscribe(Measuring.HEARING, "room:bench-{n}", options.topics(), 1);
      return measure(stage, options);
    }
  }

  private static Figures measure(Stage stage, LoadOptions options) throws IOException {
    Generator generator = stage.generator();
    int seconds = options.warmUpSeconds() + options.seconds() + (int) LONGEST.toSeconds();
    generator.send(Measuring.SENDING, "room:bench-{n}", options.topics(), options, seconds);
    Stage.pause(Duration.ofSeconds(options.warmUpSeconds()));
    Figures figures = new Figures();
    try (Database database = stage.mesh().admin()) {
      Statements.forget(database);
      generator.phase(BEFORE);
      Stage.pause(Duration.ofSeconds(options.seconds()));
      double usualPerSecond = (double) calls(Statements.counted(database)) / options.seconds();

      Statements.forget(database);
      long begin = System.nanoTime();
      generator.phase(STORM);
      stage.mesh().kill(Stage.GATEWAY);
      Returned returned = awaitReturn(generator, begin);
      double stormSeconds = (System.nanoTime() - begin) / 1e9;
      List<Statements.Counted> statements = Statements.counted(database);
      generator.phase("after");
      figures.put("s until all were back", returned.tookMs() / 1e3);
      figures.count("still away", returned.away());
      double extra = calls(statements) - usualPerSecond * stormSeconds;
      figures.put("extra statements", Math.max(0, extra));
      figures.put("extra statements per client", Math.max(0, extra) / options.clients());
      statements.stream()
          .limit(STATEMENTS_TOLD)
          .forEach(each -> figures.note(each.calls() + " × " + each.text()));
      figures.note("Ends and attempts: " + returned.reasons());
      figures.latency("away", returned.times());
      if (returned.away() > 0) {
        figures.fail(returned.away() + " clients did not come back");
      }
    }
    generator.stop();
    generator.settle(QUIET);
    GeneratorReport heard = generator.report();
    figures.latency("survivors before", heard.phase(BEFORE).heard().get(SURVIVING));
    figures.latency("survivors in the storm", heard.phase(STORM).heard().get(SURVIVING));
    heard.judge(figures);
    return figures;
  }

  private static long calls(List<Statements.Counted> statements) {
    return statements.stream().mapToLong(Statements.Counted::calls).sum();
  }

  private static Returned awaitReturn(Generator generator, long begin) throws IOException {
    while (true) {
      Stage.pause(Duration.ofMillis(200));
      Returned returned = generator.returned();
      boolean over = returned.tookMs() > 0 && returned.away() == 0;
      if (over || System.nanoTime() - begin > LONGEST.toNanos()) {
        return returned;
      }
    }
  }
}
