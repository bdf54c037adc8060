package io.madang.benchmarks.scenario;

import io.madang.benchmarks.report.Figures;
import io.madang.benchmarks.run.LoadOptions;
import java.io.IOException;
import java.nio.file.Path;

/** One way to load a server that is started for it. */
public interface Scenario {
  /** One sentence for the list of scenarios. */
  String about();

  /** What it does when nothing else is asked for. */
  LoadOptions usual();

  /**
   * Starts what it needs, loads it, and ends all of it. Takes as long as the load and a minute.
   *
   * @param product the built distribution
   * @throws IOException when something did not start or does not answer; what was heard wrong is a failure among the figures
   */
  Figures run(Path product, LoadOptions options) throws IOException;
}
