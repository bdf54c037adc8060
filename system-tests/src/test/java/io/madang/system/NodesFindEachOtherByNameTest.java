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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where nobody knows an address beforehand, as among containers, a node finds its own and the others' behind names. */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class NodesFindEachOtherByNameTest {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final String cluster = "test-" + UUID.randomUUID();
  private final int firstPort = FreePorts.one();

  @TempDir
  private Path temp;

  @Test
  void and_join() throws IOException {
    // Of one machine they differ by port alone, which the name that all share cannot tell; so one
    // is told it.
    Files.writeString(
        hosts(), "127.0.0.1 first.mesh\n127.0.0.1 second.mesh\n127.0.0.1 nodes.mesh\n");
    try (TestKeyspace keyspace = TestStores.createKeyspace();
        RunningProcess first = start(
            "presence",
            keyspace,
            Map.of(
                "MADANG_CLUSTER_HOST", "first.mesh",
                "MADANG_CLUSTER_SECRET", "what nodes of a test share",
                "MADANG_CLUSTER_PORT", String.valueOf(firstPort),
                "MADANG_CLUSTER_DNS", "nodes.mesh"));
        RunningProcess second = start(
            "dashboard",
            keyspace,
            Map.of(
                "MADANG_CLUSTER_HOST",
                "second.mesh",
                "MADANG_CLUSTER_SECRET",
                "what nodes of a test share",
                "MADANG_CLUSTER_MEMBERS",
                "first.mesh:" + firstPort))) {
      first.awaitLine("is there with [dashboard]", LIMIT);
      second.awaitLine("is there with [presence]", LIMIT);
    }
  }

  private RunningProcess start(String role, TestKeyspace keyspace, Map<String, String> settings) {
    List<String> command = new ArrayList<>(Distribution.command(role));
    command.add(1, "-Djdk.net.hosts.file=" + hosts());
    Map<String, String> all = new HashMap<>(settings);
    all.put("MADANG_REDIS_URL", keyspace.url());
    all.put("MADANG_CLUSTER_NAME", cluster);
    return RunningProcess.start(role, command, all, temp);
  }

  private Path hosts() {
    return temp.resolve("hosts");
  }
}
