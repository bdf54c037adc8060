package io.madang.runtime.mesh.ask;

import io.madang.runtime.bus.Question;
import io.madang.runtime.bus.Reply;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.membership.Membership;
import io.madang.runtime.membership.Rendezvous;
import io.madang.runtime.mesh.directory.Directory;
import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks owners of topics where they stand, many topics in one question. For a gateway that looks after its topics without a hint
 * that anything is missing: mostly nothing is, and then one short answer says so of all.
 */
public final class PositionClient {
  /** Topics in one question at most: with names of usual length some 50 KB. */
  public static final int MAX_TOPICS = 500;

  /** What each topic's last position is, of those that one node is asked for. */
  private record Asked(String service, String node, Map<Topic, StreamPosition> known) {}

  /** Is told the answer to one question. */
  public interface Handler {
    /** @param moved topics that stand elsewhere, or of which nobody can tell where they stand just now */
    void on(List<Topic> moved);
  }

  private final Membership membership;
  private final Directory directory;
  private final Asker asker;

  public PositionClient(Membership membership, Directory directory, Asker asker) {
    this.membership = membership;
    this.directory = directory;
    this.asker = asker;
  }

  /**
   * On the mesh loop, where the answers come as well: one for each question, within two seconds, and one for what nobody can be
   * asked about.
   *
   * @param known where the asker stands
   */
  public void ask(Map<Topic, StreamPosition> known, Handler handler) {
    Map<String, Asked> byNode = new HashMap<>();
    List<Topic> ofNobody = new ArrayList<>();
    known.forEach((topic, position) -> {
      Optional<String> service = directory.owner(topic).map(ServiceDescriptor::service);
      Optional<String> node =
          service.flatMap(owner -> Rendezvous.choose(membership.accepting(owner), topic.name()));
      if (node.isEmpty()) {
        ofNobody.add(topic);
        return;
      }
      Asked asked = byNode.computeIfAbsent(
          node.get() + " " + service.get(),
          of -> new Asked(service.get(), node.get(), new HashMap<>()));
      asked.known.put(topic, position);
      if (asked.known.size() == MAX_TOPICS) {
        byNode.remove(node.get() + " " + service.get());
        ask(asked, handler);
      }
    });
    byNode.values().forEach(asked -> ask(asked, handler));
    if (!ofNobody.isEmpty()) {
      handler.on(ofNobody);
    }
  }

  private void ask(Asked asked, Handler handler) {
    asker
        .ask(asked.node, asked.service, new Question.Moved(asked.known), RoutingClient.ATTEMPT_MS)
        .compose(reply -> reply instanceof Reply.Moved moved
            ? Future.succeededFuture(moved.topics())
            : Future.failedFuture(
                new ServiceUnavailableException(asked.node + " does not tell where it stands")))
        .onSuccess(handler::on)
        .onFailure(silence -> handler.on(List.copyOf(asked.known.keySet())));
  }
}
