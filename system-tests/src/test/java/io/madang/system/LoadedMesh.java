package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.system.traffic.Traffic;
import io.madang.system.traffic.Traffic.Plan;
import io.madang.system.traffic.Verdict;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A mesh under load, and what is promised of every load whatever happens to the mesh. */
final class LoadedMesh implements AutoCloseable {
  /** So that the load is bounded by itself and not by what one client may. */
  static final Map<String, String> UNLIMITED = Map.of(
      "MADANG_COMMAND_RATE", "50000",
      "MADANG_COMMAND_BURST", "50000",
      "MADANG_USER_COMMAND_RATE", "0");

  private static final Duration TAIL = Duration.ofSeconds(10);

  private final MeshProcesses mesh;
  private final Traffic traffic;
  private final Plan plan;

  private LoadedMesh(MeshProcesses mesh, Traffic traffic, Plan plan) {
    this.mesh = mesh;
    this.traffic = traffic;
    this.plan = plan;
  }

  /** Begins to load a mesh. */
  static LoadedMesh of(MeshProcesses mesh, Plan plan) {
    return of(mesh, mesh.sockets(), plan);
  }

  /** As the other, through some of its gateways. */
  static LoadedMesh of(MeshProcesses mesh, List<URI> gateways, Plan plan) {
    Traffic traffic = Traffic.prepare(plan, gateways, name -> mesh.guestToken("gateway-1", name));
    traffic.start();
    return new LoadedMesh(mesh, traffic, plan);
  }

  Traffic traffic() {
    return traffic;
  }

  /** Waits until that share of the messages is answered. */
  void awaitShare(double share, Duration limit) {
    traffic.awaitAnswered((int) (share * plan.messages()), limit);
  }

  /** Waits for the end: every message answered and kept once, and told to everybody once and in order, nothing left out. */
  Verdict assertNothingLost(Duration limit) {
    Verdict verdict = traffic.finish(mesh.database(), limit, TAIL);
    System.out.printf(
        "%d answered, %d given again, %s%n", traffic.answered(), traffic.repeats(), verdict);
    if (!verdict.isWhole()) {
      System.out.println("connections of plain readers ended by " + traffic.readersEnds() + "\n"
          + mesh.standing());
    }
    assertThat(traffic.failures()).as("refused or not answered").isEmpty();
    assertThat(traffic.ended()).as("subscriptions that ended").isEmpty();
    assertThat(verdict.examples()).isEmpty();
    assertThat(verdict.isWhole()).isTrue();
    assertThat(verdict.heard()).isGreaterThanOrEqualTo((long) plan.messages() * plan.receivers());
    return verdict;
  }

  @Override
  public void close() {
    traffic.close();
  }
}
