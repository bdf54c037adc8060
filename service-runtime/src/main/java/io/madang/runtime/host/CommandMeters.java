package io.madang.runtime.host;

import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.metrics.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Counts and times one service's commands. */
public final class CommandMeters {
  private final Counter done;
  private final Counter refused;
  private final Counter faulty;
  private final Timer time;

  public CommandMeters(MeterRegistry registry, String service) {
    done = counter(registry, service, "done");
    refused = counter(registry, service, "refused");
    faulty = counter(registry, service, MeterNames.FAULT);
    time = Timer.builder(MeterNames.COMMAND_TIME)
        .description("From a command's arrival at its service to its answer")
        .tag(MeterNames.SERVICE, service)
        .serviceLevelObjectives(
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(20),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5))
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String service, String outcome) {
    return Counter.builder(MeterNames.COMMANDS)
        .description("Commands by what became of them")
        .tag(MeterNames.SERVICE, service)
        .tag(MeterNames.OUTCOME, outcome)
        .register(registry);
  }

  Future<CommandOutcome> measure(Supplier<Future<CommandOutcome>> command) {
    long begun = System.nanoTime();
    return command.get().onComplete(result -> {
      time.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
      if (result.failed()) {
        faulty.increment();
      } else {
        (result.result() instanceof CommandOutcome.Done ? done : refused).increment();
      }
    });
  }
}
