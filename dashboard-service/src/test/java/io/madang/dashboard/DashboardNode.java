package io.madang.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.membership.Neighbours;
import io.madang.runtime.mesh.GatewayEndpoint;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.mesh.ask.MeshClient;
import io.madang.runtime.metrics.ProcessMeters;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process of the mesh that hosts the service and is its own gateway. Blocking, for tests. */
final class DashboardNode implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long LIMIT_S = 30;

  private final Vertx vertx = Vertx.vertx();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final ProcessMeters processMeters = new ProcessMeters();
  private final Mesh mesh;

  /** What the gateway of this node heard, in its order. */
  private final List<Publication> heard = new CopyOnWriteArrayList<>();

  DashboardNode(DashboardConfig config, String name) {
    processMeters.bindTo(meters);
    MeshBus.register(vertx, true);
    mesh = new Mesh(
        vertx,
        Mesh.newIncarnation(name, Set.of("gateway", "dashboard")),
        Neighbours.none(),
        meters);
    await(mesh.start());
    await(mesh.attach(new Ear()));
    await(mesh.serve(new DashboardService(config)));
  }

  private final class Ear implements GatewayEndpoint {
    @Override
    public void onBatch(List<Publication> publications) {
      heard.addAll(publications);
    }

    @Override
    public void onEvidence(String service) {}
  }

  static Caller person(String user, String... roles) {
    return Caller.person(user, user, Set.of(roles), false, Optional.empty());
  }

  /** What this process counts. */
  MeterRegistry meters() {
    return meters;
  }

  MeshClient client() {
    return mesh.client();
  }

  /** From now on publications of the topic are {@link #heard}. */
  void hear(Topic topic) {
    Promise<Void> wanted = Promise.promise();
    mesh.loop().runOnContext(turn -> mesh.gatewayLink().want(topic).onComplete(wanted));
    await(wanted.future());
  }

  List<Publication> heard(Topic topic) {
    return heard.stream()
        .filter(publication -> publication.topic().equals(topic))
        .toList();
  }

  CommandOutcome command(Caller caller, String name, String arguments) {
    String id = UUID.randomUUID().toString();
    return await(mesh.client()
        .command("dashboard", new CommandCall(caller, name, id, Payload.ofJson(arguments))));
  }

  TopicAnswer subscribe(Caller caller, Topic topic, Optional<StreamPosition> since, int limit) {
    return await(mesh.client().read(new TopicRead.Subscribe(topic, caller, since, limit)));
  }

  TopicAnswer read(TopicRead read) {
    return await(mesh.client().read(read));
  }

  TopicAnswer.Granted granted(Topic topic, Optional<StreamPosition> since) {
    return (TopicAnswer.Granted) subscribe(person("ada"), topic, since, 100);
  }

  static JsonNode json(Payload payload) {
    try {
      return MAPPER.readTree(payload.utf8());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(LIMIT_S, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within " + LIMIT_S + " s", e);
    }
  }

  @Override
  public void close() {
    await(mesh.stop());
    await(vertx.close());
    processMeters.close();
  }
}
