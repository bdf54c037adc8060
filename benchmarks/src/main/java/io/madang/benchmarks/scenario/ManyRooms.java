package io.madang.benchmarks.scenario;

import io.madang.benchmarks.report.Figures;
import io.madang.benchmarks.run.Generator;
import io.madang.benchmarks.run.LoadOptions;
import io.madang.benchmarks.run.Measuring;
import io.madang.benchmarks.run.Stage;
import java.io.IOException;
import java.nio.file.Path;

/** Many small rooms: each message is heard by ten, and the next one goes to another room. */
final class ManyRooms implements Scenario {
  /** What compilers do for so many arrivals goes on for so many seconds. */
  private static final int WARM_UP = 60;

  private static final int HEARERS = 10;
  private static final int SENDERS = 100;

  @Override
  public String about() {
    return "--topics rooms, each heard by ten of --clients connections, that get a message in turn";
  }

  @Override
  public LoadOptions usual() {
    return LoadOptions.usual().withTopics(10_000).withRate(5_000).withWarmUpSeconds(WARM_UP);
  }

  @Override
  public Figures run(Path product, LoadOptions options) throws IOException {
    int senders = Math.min(SENDERS, options.topics());
    int each = options.topics() * HEARERS / options.clients();
    try (Stage stage = Stage.start(product, Stage.plan("chat"), options.clients() + senders)) {
      int port = stage.mesh().port(Stage.GATEWAY);
      Generator generator = stage.generator();
      generator.open(Generator.Crowd.of(Measuring.SENDING, "room", senders, port));
      generator.open(Generator.Crowd.of(Measuring.HEARING, "room", options.clients(), port));
      generator.join(Measuring.SENDING, "bench-{n}", options.topics());
      generator.subscribe(Measuring.HEARING, "room:bench-{n}", options.topics(), each);
      return Measuring.run(
          generator, stage.meter(Stage.GATEWAY), options, "room:bench-{n}", HEARERS);
    }
  }
}
