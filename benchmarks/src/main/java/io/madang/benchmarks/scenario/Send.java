package io.madang.benchmarks.scenario;

import io.madang.benchmarks.report.Figures;
import io.madang.benchmarks.run.Generator;
import io.madang.benchmarks.run.LoadOptions;
import io.madang.benchmarks.run.Measuring;
import io.madang.benchmarks.run.Stage;
import java.io.IOException;
import java.nio.file.Path;

/** Many clients send as fast as they are answered; one hears and verifies it all. Every message is committed. */
final class Send implements Scenario {
  @Override
  public String about() {
    return "--clients senders, each with --window messages without answer, into --topics rooms that one connection hears";
  }

  @Override
  public LoadOptions usual() {
    return LoadOptions.usual().withClients(64).withRate(0);
  }

  @Override
  public Figures run(Path product, LoadOptions options) throws IOException {
    try (Stage stage = Stage.start(product, Stage.plan("chat"), options.clients() + 1)) {
      int port = stage.mesh().port(Stage.GATEWAY);
      Generator generator = stage.generator();
      generator.open(Generator.Crowd.of(Measuring.SENDING, "room", options.clients(), port));
      generator.open(Generator.Crowd.of(Measuring.HEARING, "room", 1, port));
      generator.join(Measuring.SENDING, "bench-{n}", options.topics());
      generator.subscribe(Measuring.HEARING, "room:bench-{n}", options.topics(), options.topics());
      return Measuring.run(generator, stage.meter(Stage.GATEWAY), options, "room:bench-{n}", 1);
    }
  }
}
