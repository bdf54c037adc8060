package io.madang.benchmarks.service;

import io.madang.runtime.config.ConfigException;
import io.madang.runtime.config.Settings;
import io.madang.runtime.launch.MeshProcess;
import io.madang.runtime.launch.NodeConfig;
import io.madang.runtime.launch.ProcessStartException;
import io.madang.runtime.launch.ServiceRole;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** Starts {@link BenchService} as a process that joins a mesh; SIGTERM or Ctrl-C stop it in order. */
public final class BenchMain {
  private static final int KEPT = 1_000;
  private static final Duration START_LIMIT = Duration.ofMinutes(1);

  private BenchMain() {}

  public static void main(String[] arguments) {
    try {
      run();
    } catch (ConfigException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (ProcessStartException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void run() {
    Settings settings = new Settings(System.getenv());
    NodeConfig node = NodeConfig.from(settings);
    settings.finish(NodeConfig.SETTINGS);

    BenchService service = new BenchService(KEPT, Clock.systemUTC());
    MeshProcess process = new MeshProcess(node, List.of(new ServiceRole(service)), true);
    Runtime.getRuntime().addShutdownHook(new Thread(process::stop, "stop"));
    process.start(START_LIMIT);
    System.out.printf(
        "bench is there. Health: http://%s:%d/health/ready%n",
        node.healthHost(), process.healthPort());
  }
}
