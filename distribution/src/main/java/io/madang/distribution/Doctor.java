package io.madang.distribution;

import io.madang.distribution.console.Console;
import io.madang.distribution.process.CannotStartException;
import io.madang.distribution.process.ExitCode;
import io.madang.distribution.process.HttpAddress;
import io.madang.distribution.process.LaunchConfig;
import io.madang.distribution.process.OneProcess;
import io.madang.distribution.process.OwnStores;
import io.madang.distribution.process.RoleKind;
import io.madang.runtime.config.ConfigException;
import io.madang.runtime.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Looks whether {@code all} and {@code cluster} could start here, changes nothing, and says what it saw. */
final class Doctor {
  private final Map<String, String> environment;
  private final Console console;

  /** Whether everything looked at so far is fine. */
  private boolean fine = true;

  Doctor(Map<String, String> environment, Console console) {
    this.environment = environment;
    this.console = console;
  }

  ExitCode run() {
    Settings settings;
    try {
      settings = OneProcess.check(
          List.of(RoleKind.values()), OwnStores.withPlaceholders(environment), all -> {});
      ok("Settings: all can be used");
    } catch (ConfigException e) {
      e.getMessage().lines().forEach(this::bad);
      return ExitCode.BAD_SETTINGS;
    }
    HttpAddress first = HttpAddress.from(settings);
    Stream.of(first, first.withPort(first.port() + 1)).forEach(this::lookAtPort);
    if (OwnStores.areNeeded(environment)) {
      lookAtData(LaunchConfig.from(settings).dataDirectory());
    }
    return fine ? ExitCode.ORDERLY : ExitCode.FAILED;
  }

  private void lookAtPort(HttpAddress address) {
    try {
      address.requireFree();
      ok("Port: %d on %s is free".formatted(address.port(), address.host()));
    } catch (CannotStartException e) {
      bad(e.getMessage());
    }
  }

  private void lookAtData(Path directory) {
    Path existing = directory;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
      bad("Data directory: %s cannot be made or written; set MADANG_DATA_DIR to another directory."
          .formatted(directory));
    } else if (existing.equals(directory)) {
      ok("Data directory: " + directory + " is there");
    } else {
      ok("Data directory: " + directory + " will be made at the first start");
    }
  }

  private void ok(String line) {
    console.say("ok  " + line);
  }

  private void bad(String line) {
    fine = false;
    console.say("!!  " + line);
  }
}
