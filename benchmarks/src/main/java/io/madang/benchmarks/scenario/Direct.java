package io.madang.benchmarks.scenario;

import io.madang.benchmarks.report.Figures;
import io.madang.benchmarks.run.Generator;
import io.madang.benchmarks.run.LoadOptions;
import io.madang.benchmarks.run.Measuring;
import io.madang.benchmarks.run.Stage;
import java.io.IOException;
import java.nio.file.Path;

/** Direct messages: each goes to the inbox of one of many, who hears it. Committed, as rooms are. */
final class Direct implements Scenario {
  private static final int SENDERS = 32;

  @Override
  public String about() {
    return "direct messages to --clients connections in turn, each of which hears its inbox";
  }

  @Override
  public LoadOptions usual() {
    return LoadOptions.usual().withRate(1_000);
  }

  @Override
  public Figures run(Path product, LoadOptions options) throws IOException {
    try (Stage stage = Stage.start(product, Stage.plan("chat"), options.clients() + SENDERS)) {
      int port = stage.mesh().port(Stage.GATEWAY);
      Generator generator = stage.generator();
      // The first to open, so that they are the first of all users and the load's topics are
      // theirs.
      generator.open(Generator.Crowd.of(Measuring.HEARING, "direct", options.clients(), port));
      generator.open(Generator.Crowd.of(Measuring.SENDING, "direct", SENDERS, port));
      generator.command(
          Measuring.HEARING, options.clients(), "chat", "setTyping", "{\"isTyping\":false}");
      generator.subscribe(Measuring.HEARING, "inbox:{user}", 1, 1);
      return Measuring.run(
          generator,
          stage.meter(Stage.GATEWAY),
          options.withTopics(options.clients()),
          "inbox:{user}",
          1);
    }
  }
}
