package io.madang.runtime.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.bus.BusMessage;
import io.madang.runtime.bus.BusMessage.Beat;
import io.madang.runtime.bus.BusMessage.Interest;
import io.madang.runtime.bus.BusMessage.InterestTaken;
import io.madang.runtime.bus.FaultPoints;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.host.BatchLimits;
import io.madang.runtime.membership.Neighbours;
import io.madang.runtime.time.NodeTime;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What a gateway wants, over a bus that loses what is said of it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class InterestInMeshTest {
  private static final Topic TOPIC = Topic.parse("log:a");

  private final Vertx vertx = Vertx.vertx();

  /** How many messages of the kind under test were lost. */
  private final AtomicInteger lost = new AtomicInteger();

  /** Whether beats are lost, and with them the digests. */
  private final AtomicBoolean losingBeats = new AtomicBoolean();

  /** Its digests are what this is about; it hears nothing. */
  private static final class Quiet implements GatewayEndpoint {
    @Override
    public void onBatch(List<Publication> publications) {}

    @Override
    public void onEvidence(String service) {}
  }

  @AfterEach
  void close() throws Exception {
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** A node with a gateway and a service, whose first message of a kind about a wanted topic is lost. */
  private Mesh losing(Class<? extends BusMessage> kind, long aboveVersion) throws Exception {
    MeshBus.register(vertx, true);
    FaultPoints faults = new FaultPoints() {
      @Override
      public void leaving(String target, BusMessage message, Runnable onward) {
        if (message instanceof Beat && losingBeats.get()) {
          return;
        }
        if (kind.isInstance(message)
            && versionOf(message) > aboveVersion
            && lost.compareAndSet(0, 1)) {
          return;
        }
        onward.run();
      }
    };
    Mesh mesh = new Mesh(
        vertx,
        Mesh.newIncarnation("all", Set.of("gateway", "echo")),
        Neighbours.none(),
        new SimpleMeterRegistry(),
        BatchLimits.defaults(),
        NodeTime.system(),
        faults);
    get(mesh.start());
    get(mesh.serve(new EchoService()));
    get(mesh.attach(new Quiet()));
    return mesh;
  }

  private static long versionOf(BusMessage message) {
    return message instanceof Interest interest
        ? interest.version()
        : ((InterestTaken) message).version();
  }

  private Future<Void> want(Mesh mesh) {
    Promise<Void> wanted = Promise.promise();
    mesh.loop().runOnContext(turn -> mesh.gatewayLink().want(TOPIC).onComplete(wanted));
    return wanted.future();
  }

  @Test
  void that_loses_the_acknowledgement_is_told_again() throws Exception {
    Mesh mesh = losing(InterestTaken.class, 1);

    get(want(mesh));

    assertThat(lost).hasValue(1);
  }

  @Test
  void that_loses_the_change_is_asked_for_the_whole() throws Exception {
    Mesh mesh = losing(Interest.class, 1);

    get(want(mesh));

    assertThat(lost).hasValue(1);
  }

  @Test
  void that_loses_the_change_and_the_digests_is_reminded() throws Exception {
    Mesh mesh = losing(Interest.class, 1);
    losingBeats.set(true);

    get(want(mesh));

    assertThat(lost).hasValue(1);
  }
}
