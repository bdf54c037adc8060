package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.testkit.RunningProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a gateway with every service tells programs of itself, read by the parsers that others read it with. */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class TheDocumentsAreValidTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @Test
  void to_the_parsers_of_their_formats(MeshProcesses mesh) {
    Path clients = Distribution.root().resolve("system-tests/clients");
    try (RunningProcess validator = RunningProcess.startUnseen(
        "validator",
        List.of("node", "validate-docs.mjs", mesh.address("gateway-1")),
        Map.of(),
        clients)) {
      int code = validator.awaitExit(LIMIT);

      List<String> lines = validator.lines();
      assertThat(lines).noneMatch(line -> line.startsWith("WRONG"));
      assertThat(code).as(String.join("\n", lines)).isZero();
      assertThat(operations(lines, "openapi")).isGreaterThan(40);
      assertThat(operations(lines, "asyncapi")).isGreaterThan(40);
    }
  }

  private static int operations(List<String> lines, String document) {
    String valid = "VALID " + document + " ";
    return lines.stream()
        .filter(line -> line.startsWith(valid))
        .mapToInt(line -> Integer.parseInt(line.substring(valid.length())))
        .findFirst()
        .orElseThrow(() -> new AssertionError(String.join("\n", lines)));
  }
}
