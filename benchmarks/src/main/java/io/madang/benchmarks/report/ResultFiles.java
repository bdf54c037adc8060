package io.madang.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;

/** The directory results are kept in, by day and name; what is there is never written over. */
public final class ResultFiles {
  private final Path directory;

  public ResultFiles(Path directory) {
    this.directory = directory;
  }

  /** Writes what was shown, and beside it the picture of the latencies of the last run. */
  public Path write(Report report) throws IOException {
    Files.createDirectories(directory);
    String day = report.at().atZone(ZoneOffset.UTC).toLocalDate() + "-" + report.name();
    String name = day;
    for (int run = 2; Files.exists(directory.resolve(name + ".json")); run++) {
      name = day + "-" + run;
    }
    Figures last = report.runs().get(report.runs().size() - 1);
    if (last.latencies().values().stream().anyMatch(each -> each.getTotalCount() > 0)) {
      String title = report.name() + ": latency from when a message was due, by percentile";
      Files.writeString(directory.resolve(name + ".svg"), new Plot(title, last.latencies()).svg());
    }
    return Files.writeString(
        directory.resolve(name + ".json"), report.json().encodePrettily() + "\n");
  }
}
