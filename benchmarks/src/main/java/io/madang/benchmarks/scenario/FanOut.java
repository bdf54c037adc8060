package io.madang.benchmarks.scenario;

import io.madang.benchmarks.report.Figures;
import io.madang.benchmarks.run.Generator;
import io.madang.benchmarks.run.LoadOptions;
import io.madang.benchmarks.run.Measuring;
import io.madang.benchmarks.run.Stage;
import java.io.IOException;
import java.nio.file.Path;

/** Many clients hear one topic. Through chat each message is committed before anybody hears it. */
final class FanOut implements Scenario {
  @Override
  public String about() {
    return "--clients connections hear one room, or with --through bench one topic that is kept in memory";
  }

  @Override
  public LoadOptions usual() {
    return LoadOptions.usual();
  }

  @Override
  public Figures run(Path product, LoadOptions options) throws IOException {
    boolean committed = options.through().equals("chat");
    String door = committed ? "room" : "bench";
    String topic = committed ? "room:bench-{n}" : "bench:{n}";
    try (Stage stage = Stage.start(product, Stage.plan(options.through()), options.clients() + 1)) {
      int port = stage.mesh().port(Stage.GATEWAY);
      Generator generator = stage.generator();
      generator.open(Generator.Crowd.of(Measuring.SENDING, door, 1, port));
      generator.open(Generator.Crowd.of(Measuring.HEARING, door, options.clients(), port));
      if (committed) {
        generator.join(Measuring.SENDING, "bench-{n}", 1);
      }
      generator.subscribe(Measuring.HEARING, topic, 1, 1);
      return Measuring.run(
          generator, stage.meter(Stage.GATEWAY), options, topic, options.clients());
    }
  }
}
