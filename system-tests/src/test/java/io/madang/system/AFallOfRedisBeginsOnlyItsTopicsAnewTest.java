package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.client.MadangClient;
import io.madang.client.TopicListener;
import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import io.madang.system.traffic.Traffic.Plan;
import io.madang.testkit.RedisLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What lives in Redis begins a new life when Redis does, each life told as such and no old one coming back; afterwards exactly
 * those are shown who are there. Messages know nothing of it.
 */
@Tag("cluster")
@ExtendWith(SharedMesh.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class AFallOfRedisBeginsOnlyItsTopicsAnewTest {
  private static final Duration LIMIT = Duration.ofSeconds(45);
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(20);
  private static final Duration DOWN = Duration.ofSeconds(2);

  private static final TopicListener NOBODY = publication -> {};

  @TempDir
  private Path temp;

  @Test
  @Timeout(value = 90, unit = TimeUnit.SECONDS)
  void when_it_is_killed_and_started_again(MeshProcesses mesh) throws Exception {
    try (Onlooker onlooker = new Onlooker(mesh, "killed")) {
      onlooker.whileMessagesFlow(() -> {
        mesh.redis().kill();
        Pause.of(DOWN);
        mesh.redis().start();
      });
    }
  }

  @Test
  @Timeout(value = 90, unit = TimeUnit.SECONDS)
  void when_it_forgets_everything(MeshProcesses mesh) throws Exception {
    try (Onlooker onlooker = new Onlooker(mesh, "flushed")) {
      onlooker.whileMessagesFlow(() -> {
        try (RedisLine redis = new RedisLine(mesh.redis().url())) {
          redis.ask("FLUSHALL");
        }
      });
    }
  }

  @Test
  @Timeout(value = 90, unit = TimeUnit.SECONDS)
  void when_it_comes_back_as_it_was_a_while_ago(MeshProcesses mesh) throws Exception {
    try (Onlooker onlooker = new Onlooker(mesh, "restored")) {
      Path data = dataOf(mesh);
      Path snapshot = temp.resolve("snapshot");
      try (MadangClient goer = mesh.client("gateway-2", "restored-goer")) {
        onlooker.enter(goer);
        onlooker.people.awaitPresent("restored-goer");
        copy(data, snapshot);
      }
      onlooker.people.awaitAbsent("restored-goer");

      onlooker.whileMessagesFlow(() -> {
        mesh.redis().kill();
        delete(data);
        copy(snapshot, data);
        mesh.redis().start();
      });
    }
  }

  /** Who looks on from one gateway while people come at the other. */
  private static final class Onlooker implements AutoCloseable {
    private final MeshProcesses mesh;
    private final String room;
    private final MadangClient mina;
    private final MadangClient jun;
    private final MadangClient latecomer;
    private final People people = new People();
    private final Lives presence = new Lives(people);
    private final Lives metric = new Lives(NOBODY);

    Onlooker(MeshProcesses mesh, String room) throws Exception {
      this.mesh = mesh;
      this.room = room;
      mina = mesh.client("gateway-1", room + "-mina");
      jun = mesh.client("gateway-2", room + "-jun");
      latecomer = mesh.client("gateway-2", room + "-late");
      enter(mina);
      mina.subscribe("presence:" + room, presence).get(20, TimeUnit.SECONDS);
      mina.subscribe("metric:cpuPercent", metric).get(20, TimeUnit.SECONDS);
      enter(jun);
      people.awaitPresent(room + "-jun");
    }

    void enter(MadangClient client) throws Exception {
      client
          .command("chat", "joinRoom", RawJson.trusted("{\"room\":\"" + room + "\"}"))
          .get(20, TimeUnit.SECONDS);
      client.subscribe("room:" + room, NOBODY).get(20, TimeUnit.SECONDS);
    }

    void whileMessagesFlow(Runnable fault) throws Exception {
      try (LoadedMesh load = LoadedMesh.of(mesh, Plan.usual())) {
        load.awaitShare(0.3, LIMIT);

        fault.run();

        enter(latecomer);
        load.assertNothingLost(LIMIT);
        metric.awaitAnother();
        presence.awaitAnother();
        people.awaitPresent(room + "-late");
        assertThat(people.present())
            .as("who is there")
            .containsExactlyInAnyOrder(room + "-mina", room + "-jun", room + "-late");
        assertThat(people.gone())
            .as("who was told to have gone")
            .doesNotContain(room + "-mina", room + "-jun");
      }
    }

    @Override
    public void close() {
      mina.close();
      jun.close();
      latecomer.close();
    }
  }

  private static Path dataOf(MeshProcesses mesh) {
    try (RedisLine redis = new RedisLine(mesh.redis().url())) {
      return Path.of((String) ((List<?>) redis.ask("CONFIG", "GET", "dir")).get(1));
    }
  }

  /** Whole pieces of a file that is only written at its end; owners are kept. */
  private static void copy(Path from, Path to) {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    } catch (IOException e) {
      throw new AssertionError("no copy of " + from, e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new AssertionError(directory + " stays", e);
    }
  }

  /** The lives of a topic that a listener was told of, in order. */
  private static final class Lives implements TopicListener {
    /** Hears everything too. */
    private final TopicListener other;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<String> breaks = new CopyOnWriteArrayList<>();

    Lives(TopicListener other) {
      this.other = other;
    }

    @Override
    public void publication(Publication publication) {
      other.publication(publication);
      publication.place().ifPresent(place -> note(place.epoch()));
    }

    @Override
    public void snapshot(StreamPosition position, Optional<RawJson> snapshot) {
      other.snapshot(position, snapshot);
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
