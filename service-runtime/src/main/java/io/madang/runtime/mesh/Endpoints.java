package io.madang.runtime.mesh;

import io.madang.runtime.topic.Payload;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Who hears at this node what comes for its clients and of other nodes; on one without clients mostly nobody. On the mesh loop. */
final class Endpoints {
  /** Who hears notes, by subject. */
  private final Map<String, Consumer<Payload>> noteReaders = new HashMap<>();

  /** Whom batches go to; none on a node without clients. */
  private Optional<GatewayEndpoint> gateway = Optional.empty();

  /** Whom services' questions for clients go to; nobody on a node without clients. */
  private ClientEndpoint clients = ClientEndpoint.none();

  /** Who hears what other gateways say of clients; nobody on a node without clients. */
  private BiConsumer<String, Payload> relayed = (from, word) -> {};

  /** Told when other nodes are live than before. */
  private Runnable othersAreLive = () -> {};

  void attach(GatewayEndpoint endpoint) {
    gateway = Optional.of(endpoint);
  }

  Optional<GatewayEndpoint> gateway() {
    return gateway;
  }

  void attachClients(ClientEndpoint endpoint) {
    clients = endpoint;
  }

  ClientEndpoint clients() {
    return clients;
  }

  void hearRelayed(BiConsumer<String, Payload> hearing) {
    relayed = hearing;
  }

  void onRelayed(String from, Payload word) {
    relayed.accept(from, word);
  }

  void hearMembers(Runnable changed) {
    othersAreLive = changed;
  }

  void onOthersLive() {
    othersAreLive.run();
  }

  void hearNotes(String subject, Consumer<Payload> reader) {
    noteReaders.put(subject, reader);
  }

  /** Nobody hears notes of other subjects. */
  void onNote(String subject, Payload body) {
    Consumer<Payload> reader = noteReaders.get(subject);
    if (reader != null) {
      reader.accept(body);
    }
  }
}
