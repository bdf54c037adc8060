package io.madang.system;

import io.madang.testkit.FreePorts;
import io.madang.testkit.RunningProcess;
import io.madang.testkit.TestKeyspace;
import io.madang.testkit.TestStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where nobody knows an address beforehand, as among containers, a node finds its own behind a name, and the others behind one
 * that all share.
 */
@Tag("cluster")
@EnabledOnOs(value = OS.LINUX, disabledReason = "only there all of 127.0.0.0/8 is this machine")
@DisplayNameGeneration(ReplaceUnderscores.class)
class NodesFindEachOtherByNameTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final int memberPort = FreePorts.one();

  @TempDir
  private Path temp;

  @Test
  void and_join() throws IOException {
    Files.writeString(hosts(), """
        127.0.0.2 first.mesh nodes.mesh
        127.0.0.3 second.mesh nodes.mesh
        """);
    try (TestKeyspace keyspace = TestStores.createKeyspace();
        RunningProcess first = start("presence", "first.mesh", keyspace);
        RunningProcess second = start("dashboard", "second.mesh", keyspace)) {
      first.awaitLine("is there with [dashboard]", LIMIT);
      second.awaitLine("is there with [presence]", LIMIT);
    }
  }

  private RunningProcess start(String role, String host, TestKeyspace keyspace) {
    List<String> command = new ArrayList<>(Distribution.command(role));
    command.add(1, "-Djdk.net.hosts.file=" + hosts());
    Map<String, String> settings = Map.of(
        "MADANG_REDIS_URL",
        keyspace.url(),
        "MADANG_CLUSTER_NAME",
        "by-name-" + memberPort,
        "MADANG_CLUSTER_HOST",
        host,
        "MADANG_CLUSTER_PORT",
        String.valueOf(memberPort),
        "MADANG_CLUSTER_DNS",
        "nodes.mesh");
    return RunningProcess.start(role, command, settings, temp);
  }

  private Path hosts() {
    return temp.resolve("hosts");
  }
}
