package io.madang.benchmarks.scenario;

import io.madang.benchmarks.report.Figures;
import io.madang.benchmarks.run.Generator;
import io.madang.benchmarks.run.LoadOptions;
import io.madang.benchmarks.run.Measuring;
import io.madang.benchmarks.run.Stage;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Many clients hear one topic. Through chat each message is committed before anybody hears it. Clients of a hub are measured after
 * as many native ones under the same load, in a mesh of their own.
 */
public final class FanOut implements Scenario {
  /** Processor time of the gateway for a delivery, as a multiple of what a native delivery takes. */
  public static final String TIMES_NATIVE = "CPU per delivery, times native";

  private static final String DELIVERIES = "deliveries per gateway CPU s";

  /** Where and how a message is heard. */
  private record Place(String door, String hearingDoor, String room, String topic) {
    static Place of(LoadOptions options) {
      String own = options.through().equals("chat") ? "room" : "bench";
      if (options.door().equals("native")) {
        return own.equals("room")
            ? new Place(own, own, "bench-{n}", "room:bench-{n}")
            : new Place(own, own, "", "bench:{n}");
      }
      String hearing = own + (options.door().equals("signalr") ? "-at-hub" : "-at-hub-packed");
      // A hub says to which topic its clients listen.
      return own.equals("room")
          ? new Place(own, hearing, "lobby", "room:lobby")
          : new Place(own, hearing, "", "bench:1");
    }
  }

  @Override
  public String about() {
    return "--clients connections hear one room, or with --through bench one topic that is kept in memory; with --door at a"
        + " hub, after as many at the native door";
  }

  @Override
  public LoadOptions usual() {
    return LoadOptions.usual();
  }

  @Override
  public Figures run(Path product, LoadOptions options) throws IOException {
    if (options.door().equals("native")) {
      return measured(product, options);
    }
    Figures natives = measured(product, options.withDoor("native"));
    Figures figures = measured(product, options);
    figures.put("native " + DELIVERIES, natives.get(DELIVERIES));
    figures.put("native p99 ms", natives.get("p99 ms"));
    figures.put(TIMES_NATIVE, natives.get(DELIVERIES) / figures.get(DELIVERIES));
    natives.failures().forEach(why -> figures.fail("native: " + why));
    return figures;
  }

  private static Figures measured(Path product, LoadOptions options) throws IOException {
    Place place = Place.of(options);
    try (Stage stage = Stage.start(product, Stage.plan(options.through()), options.clients() + 1)) {
      int port = stage.mesh().port(Stage.GATEWAY);
      Generator generator = stage.generator();
      generator.open(Generator.Crowd.of(Measuring.SENDING, place.door(), 1, port));
      generator.open(
          Generator.Crowd.of(Measuring.HEARING, place.hearingDoor(), options.clients(), port));
      if (!place.room().isEmpty()) {
        generator.join(Measuring.SENDING, place.room(), 1);
      }
      generator.subscribe(Measuring.HEARING, place.topic(), 1, 1);
      return Measuring.run(
          generator, stage.meter(Stage.GATEWAY), options, place.topic(), options.clients());
    }
  }
}
