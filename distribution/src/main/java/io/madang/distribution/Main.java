package io.madang.distribution;

import io.madang.distribution.admin.AdminCommand;
import io.madang.distribution.cluster.Supervisor;
import io.madang.distribution.console.Console;
import io.madang.distribution.console.StopSignals;
import io.madang.distribution.process.ExitCode;
import io.madang.distribution.process.OneProcess;
import io.madang.distribution.process.ProductSettings;
import io.madang.distribution.process.RoleKind;
import io.madang.runtime.config.ConfigException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code madang <verb>}: starts what the verb says and ends with its {@link ExitCode}. */
public final class Main {
  /** Behind a role: the starter stands at the other end of standard input and decides when to stop. */
  private static final String SUPERVISED = Supervisor.SUPERVISED;

  private static final List<String> USAGE = List.of(
      "madang all                     the whole mesh in one process, with its own stores",
      "madang cluster                 the same as separate processes on this machine",
      "madang gateway|chat|presence|notification|dashboard",
      "                               one role, joined to others by MADANG_CLUSTER_MEMBERS or MADANG_CLUSTER_DNS",
      "madang admin VIEW              how the mesh stands that runs: nodes, interest, topics or positions; --help tells more",
      "madang doctor                  whether this machine and these settings can run it",
      "madang settings                every setting: name, default, unit, effect");

  private final Map<String, String> environment;
  private final Console console;

  private Main(Map<String, String> environment) {
    this.environment = environment;
    this.console = "json".equals(environment.get("MADANG_LOG_FORMAT"))
        ? Console.besideJson()
        : Console.besideText();
  }

  public static void main(String[] arguments) throws InterruptedException {
    ExitCode code = new Main(System.getenv()).run(List.of(arguments));
    // Not by running out of threads: a library's forgotten one would keep a stopped process alive.
    System.exit(code.number());
  }

  private ExitCode run(List<String> arguments) throws InterruptedException {
    String verb = arguments.isEmpty() ? "" : arguments.get(0);
    if (verb.equals("admin")) {
      return new AdminCommand(environment, console).run(arguments.subList(1, arguments.size()));
    }
    boolean supervised = arguments.equals(List.of(verb, SUPERVISED));
    if (arguments.size() > 1 && !supervised) {
      console.complain("madang %s takes no further words, and got %s."
          .formatted(verb, String.join(" ", arguments.subList(1, arguments.size()))));
      return ExitCode.BAD_SETTINGS;
    }
    try {
      return start(verb, supervised);
    } catch (ConfigException e) {
      console.complain(e.getMessage());
      return ExitCode.BAD_SETTINGS;
    }
  }

  private ExitCode start(String verb, boolean supervised) throws InterruptedException {
    switch (verb) {
      case "all":
        return OneProcess.whole(environment, console, StopSignals.install()).run();
      case "cluster":
        return new Supervisor(environment, console, StopSignals.install()).run();
      case "settings":
        ProductSettings.page().forEach(console::say);
        return ExitCode.ORDERLY;
      case "doctor":
        return new Doctor(environment, console).run();
      default:
        return startRole(verb, supervised);
    }
  }

  private ExitCode startRole(String word, boolean supervised) throws InterruptedException {
    Optional<RoleKind> kind = RoleKind.of(word);
    if (kind.isEmpty()) {
      if (!word.isEmpty()) {
        console.complain("Madang has no verb \"%s\"; it has these:".formatted(word));
      }
      USAGE.forEach(console::complain);
      return ExitCode.BAD_SETTINGS;
    }
    StopSignals signals = supervised ? StopSignals.installSupervised() : StopSignals.install();
    if (supervised) {
      stopWithTheStarter(signals);
    }
    Console own = supervised ? console.complaintsOnly() : console;
    return OneProcess.of(kind.get(), supervised, environment, own, signals).run();
  }

  /** Whoever started us holds the other end of standard input; when it ends, so do we, however it ended. */
  private static void stopWithTheStarter(StopSignals signals) {
    Thread watch = new Thread(
        () -> {
          try {
            while (System.in.read() >= 0) {
              // Nobody writes there.
            }
          } catch (IOException e) {
            // The pipe is gone, which means the same.
          }
          signals.ask();
        },
        "starter-watch");
    watch.setDaemon(true);
    watch.start();
  }
}
