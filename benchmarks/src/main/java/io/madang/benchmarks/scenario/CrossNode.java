package io.madang.benchmarks.scenario;

import io.madang.benchmarks.product.Mesh;
import io.madang.benchmarks.report.Figures;
import io.madang.benchmarks.run.Generator;
import io.madang.benchmarks.run.LoadOptions;
import io.madang.benchmarks.run.Measuring;
import io.madang.benchmarks.run.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * From a client of one gateway through chat to the clients of another. Without a rate it first finds what the mesh bears and then
 * measures at half of that.
 */
final class CrossNode implements Scenario {
  private static final int FIRST_RATE = 50;
  private static final int MOST = 5_000;
  private static final int STEP_SECONDS = 4;
  private static final Duration QUIET = Duration.ofSeconds(5);

  /** So few that it is the crossing which is measured, and not the writing to sockets. */
  private static final int CLIENTS = 100;

  /** A step whose messages come later than this is more than the mesh bears. */
  private static final double SATURATED_MS = 250;

  @Override
  public String about() {
    return "sent at one gateway, heard by --clients connections at another; without --rate at half of what it bears";
  }

  @Override
  public LoadOptions usual() {
    return LoadOptions.usual().withClients(CLIENTS).withRate(0);
  }

  @Override
  public Figures run(Path product, LoadOptions options) throws IOException {
    Map<String, String> roles = new LinkedHashMap<>(Stage.plan("chat").roles());
    roles.put(Stage.OTHER_GATEWAY, "gateway");
    Mesh.Plan plan = new Mesh.Plan(roles, Mesh.SETTINGS, Map.of(), false);
    try (Stage stage = Stage.start(product, plan, options.clients() + 1)) {
      Generator generator = stage.generator();
      int port = stage.mesh().port(Stage.GATEWAY);
      int other = stage.mesh().port(Stage.OTHER_GATEWAY);
      generator.open(Generator.Crowd.of(Measuring.SENDING, "room", 1, port));
      generator.open(Generator.Crowd.of(Measuring.HEARING, "room", options.clients(), other));
      generator.join(Measuring.SENDING, "bench-{n}", 1);
      generator.subscribe(Measuring.HEARING, "room:bench-{n}", 1, 1);
      int saturation = options.rate() == 0 ? saturation(generator, options) : 2 * options.rate();
      Figures figures = Measuring.run(
          generator,
          stage.meter(Stage.OTHER_GATEWAY),
          options.withRate(saturation / 2),
          "room:bench-{n}",
          options.clients());
      figures.count("messages per s at saturation", saturation);
      return figures;
    }
  }

  /** The highest of some rates at which everything comes soon: doubled until it does not, then halfway back. */
  private static int saturation(Generator generator, LoadOptions options) throws IOException {
    int borne = FIRST_RATE;
    bears(generator, options, borne);
    int next = 2 * borne;
    while (next <= MOST && bears(generator, options, next)) {
      borne = next;
      next *= 2;
    }
    int between = borne + borne / 2;
    return bears(generator, options, between) ? between : borne;
  }

  private static boolean bears(Generator generator, LoadOptions options, int rate)
      throws IOException {
    String phase = "at " + rate;
    generator.phase(phase);
    generator.send(Measuring.SENDING, "room:bench-{n}", 1, options.withRate(rate), STEP_SECONDS);
    Stage.pause(Duration.ofSeconds(STEP_SECONDS));
    generator.settle(QUIET);
    double p99 =
        generator.report().phase(phase).heard().get(Measuring.HEARING).getValueAtPercentile(99)
            / 1e3;
    System.out.printf("  %d messages/s: p99 %.1f ms%n", rate, p99);
    return p99 <= SATURATED_MS;
  }
}
