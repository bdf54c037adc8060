package io.madang.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The built distribution, as its launcher finds it. */
final class Distribution {
  private Distribution() {}

  /** The folder of jars. */
  static Path lib() {
    Path lib = root().resolve("distribution/target/madang/lib");
    if (!Files.isDirectory(lib)) {
      throw new AssertionError(
          "there is no distribution at " + lib + "; build it with 'mvn -DskipTests package'");
    }
    return lib;
  }

  /** The folder of the whole project. */
  static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("system-tests")) ? here : here.getParent();
  }

  /** Starts a role in a JVM that starts fast. */
  static List<String> command(String role) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xmx256m",
        "-cp",
        lib() + "/*",
        "io.madang.distribution.Main",
        role);
  }
}
