package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.client.MadangClient;
import io.madang.client.TopicListener;
import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import io.madang.system.traffic.Traffic.Plan;
import io.madang.testkit.TestServer;
import io.madang.testkit.TestStores;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What lives in Redis begins a new life when Redis does, told as such; messages know nothing of it. */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class AFallOfRedisBeginsOnlyItsTopicsAnewTest {
  private static final Duration LIMIT = Duration.ofSeconds(45);
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(20);
  private static final Duration DOWN = Duration.ofSeconds(3);

  private TestServer postgres;
  private TestServer redis;
  private MeshProcesses mesh;

  @BeforeEach
  void startTheMesh() {
    postgres = TestStores.ownPostgres();
    redis = TestStores.ownRedis();
    Map<String, String> roles = new LinkedHashMap<>(MeshProcesses.chatOnly());
    roles.put("presence-1", "presence");
    roles.put("dashboard-1", "dashboard");
    mesh = MeshProcesses.startOn(postgres, redis, roles, LoadedMesh.UNLIMITED);
  }

  @AfterEach
  void stopTheMesh() {
    if (mesh != null) {
      mesh.close();
    }
    redis.close();
    postgres.close();
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void when_it_is_killed_and_started_again() throws Exception {
    whileMessagesFlow(() -> {
      redis.kill();
      Pause.of(DOWN);
      redis.start();
    });
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void when_it_forgets_everything() throws Exception {
    whileMessagesFlow(() -> ask("FLUSHALL"));
  }

  private void whileMessagesFlow(Runnable fault) throws Exception {
    try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual());
        MadangClient mina = mesh.client("gateway-1", "mina");
        MadangClient jun = mesh.client("gateway-2", "jun")) {
      Lives presence = new Lives();
      Lives metric = new Lives();
      enter(mina);
      mina.subscribe("presence:court", presence).get(20, TimeUnit.SECONDS);
      mina.subscribe("metric:cpuPercent", metric).get(20, TimeUnit.SECONDS);
      load.awaitShare(0.4, LIMIT);

      fault.run();

      load.assertNothingLost(LIMIT.minus(DOWN));
      enter(jun);
      metric.awaitAnother();
      presence.awaitAnother();
    }
  }

  private static void enter(MadangClient client) throws Exception {
    client
        .command("chat", "joinRoom", RawJson.trusted("{\"room\":\"court\"}"))
        .get(20, TimeUnit.SECONDS);
    client.subscribe("room:court", new Lives()).get(20, TimeUnit.SECONDS);
  }

  private void ask(String command) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
      socket.setSoTimeout((int) TOLD_WITHIN.toMillis());
      String words = "AUTH " + redis.password() + "\r\n" + command + "\r\nQUIT\r\n";
      socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
      assertThat(new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .lines())
          .containsOnly("+OK");
    } catch (IOException e) {
      throw new AssertionError("Redis does not take " + command, e);
    }
  }

  /** The lives of a topic that a listener was told of, in order. */
  private static final class Lives implements TopicListener {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<String> breaks = new CopyOnWriteArrayList<>();

    @Override
    public void publication(Publication publication) {
      publication.place().ifPresent(place -> note(place.epoch()));
    }

    @Override
    public void snapshot(StreamPosition position, Optional<RawJson> snapshot) {
      note(position.epoch());
    }

    @Override
    public void gap(StreamPosition from, StreamPosition to) {
      breaks.add(from + " to " + to);
    }

    private void note(String epoch) {
      if (told.isEmpty() || !told.get(told.size() - 1).equals(epoch)) {
        told.add(epoch);
      }
    }

    void awaitAnother() {
      Awaitility.await("a new life after " + told)
          .atMost(TOLD_WITHIN)
          .until(() -> told.size() >= 2);
      assertThat(breaks).as("each new life is told as a break").hasSize(told.size() - 1);
      assertThat(told).as("no life comes back").doesNotHaveDuplicates();
    }
  }
}
