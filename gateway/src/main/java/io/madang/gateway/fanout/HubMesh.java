package io.madang.gateway.fanout;

import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.mesh.GatewayEndpoint;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.mesh.ask.PositionClient;
import io.madang.runtime.service.Observation.Observed;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The mesh as the hub sees it: who owns a topic, how to hear it, and how to ask about it. All but {@link #loop} and {@link
 * #attach} is called on the hub's loop, and what it returns completes there.
 */
public interface HubMesh {

  /** The hub's loop: one task after the other, in order. Safe on any thread. */
  Executor loop();

  /** The hub is told of batches and evidence from now on, on its loop. Safe on any thread. */
  Future<Void> attach(GatewayEndpoint endpoint);

  Optional<ServiceDescriptor> owner(Topic topic);

  Collection<ServiceDescriptor> services();

  /** What is said of a topic that nobody is known to own. */
  Refusal noSuchTopic();

  /** Succeeds when every publication of the topic from now on comes here; the topic stays wanted when it fails. */
  Future<Void> want(Topic topic);

  void unwant(Topic topic);

  /** Asks the topic's owner; fails with {@link io.madang.runtime.service.ServiceUnavailableException} when it is away. */
  Future<TopicAnswer> read(TopicRead read);

  /**
   * Asks the topics' owners, many topics in one question, whether they stand where this node does.
   *
   * @param handler is told in parts which do not, or may not as nobody can tell just now
   */
  void moved(Map<Topic, StreamPosition> known, PositionClient.Handler handler);

  /**
   * Asks the node that sent something of the topic what it published behind {@code after}, once.
   *
   * @param withinMs after which the question has failed
   * @return the first follows {@code after}, each other the one before it; empty when the node does not know what comes first,
   *     failed when it is not heard or does not answer
   */
  Future<List<Publication>> recent(String node, Topic topic, StreamPosition after, int withinMs);

  void arrived(Observed observed);

  void departed(Observed observed);

  /** The mesh that this process is a node of. */
  static HubMesh of(Mesh mesh) {
    return new HubMesh() {
      @Override
      public Executor loop() {
        return task -> mesh.loop().runOnContext(turn -> task.run());
      }

      @Override
      public Future<Void> attach(GatewayEndpoint endpoint) {
        return mesh.attach(endpoint);
      }

      @Override
      public Optional<ServiceDescriptor> owner(Topic topic) {
        return mesh.directory().owner(topic);
      }

      @Override
      public Collection<ServiceDescriptor> services() {
        return mesh.directory().services();
      }

      @Override
      public Refusal noSuchTopic() {
        return mesh.directory().noSuchTopic();
      }

      @Override
      public Future<Void> want(Topic topic) {
        return mesh.gatewayLink().want(topic);
      }

      @Override
      public void unwant(Topic topic) {
        mesh.gatewayLink().unwant(topic);
      }

      @Override
      public Future<TopicAnswer> read(TopicRead read) {
        return mesh.client().read(read);
      }

      @Override
      public void moved(Map<Topic, StreamPosition> known, PositionClient.Handler handler) {
        mesh.positions().ask(known, handler);
      }

      @Override
      public Future<List<Publication>> recent(
          String node, Topic topic, StreamPosition after, int withinMs) {
        return mesh.recent().ask(node, topic, after, withinMs);
      }

      @Override
      public void arrived(Observed observed) {
        mesh.observers().arrived(observed);
      }

      @Override
      public void departed(Observed observed) {
        mesh.observers().departed(observed);
      }
    };
  }
}
