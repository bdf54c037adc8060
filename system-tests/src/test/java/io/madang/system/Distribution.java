package io.madang.system;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The built distribution, as its launcher finds it. */
public final class Distribution {
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
  public static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isDirectory(here.resolve("system-tests")) ? here : here.getParent();
  }

  /** Starts a role in a JVM that starts fast. */
  public static List<String> command(String role) {
    return java(lib() + "/*", "io.madang.distribution.Main", role);
  }

  /** Starts the service of docs/WRITE-A-SERVICE.md, which is no part of the distribution, with its own jars. */
  static List<String> benchService() {
    Path target = root().resolve("benchmarks/target");
    if (!Files.isDirectory(target.resolve("lib"))) {
      throw new AssertionError("the benchmarks are not packaged in " + target
          + "; build them with 'mvn -DskipTests package'");
    }
    return java(
        target.resolve("classes") + File.pathSeparator + target.resolve("lib") + "/*",
        "io.madang.benchmarks.service.BenchMain");
  }

  private static List<String> java(String classPath, String... mainAndArguments) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xmx256m",
        "-cp",
        classPath));
    command.addAll(List.of(mainAndArguments));
    return command;
  }
}
