package io.madang.runtime.mesh;

import io.madang.runtime.bus.Question;
import io.madang.runtime.bus.Reply;
import io.madang.runtime.inspect.Inspection;
import io.madang.runtime.inspect.MeshReport;
import io.madang.runtime.inspect.MeshReport.Head;
import io.madang.runtime.inspect.MeshView;
import io.madang.runtime.inspect.NodeReport;
import io.madang.runtime.inspect.NodeReport.Peer;
import io.madang.runtime.inspect.Standing;
import io.madang.runtime.mesh.ask.Asker;
import io.madang.runtime.mesh.ask.MeshLoop;
import io.madang.runtime.mesh.ask.RoutingClient;
import io.madang.runtime.mesh.ask.ServiceBrokenException;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Asks every node of the mesh how it stands, and puts the answers together. Nothing is kept between two looks. Safe on any thread.
 *
 * <p>A node that does not answer within the time for one is named and holds up nothing else. A look takes at most three times as
 * long: all nodes are asked, then the owners of the topics that are shown, then the gateways once more, about exactly these topics
 * and after their owners, so that what a gateway does not have by then is really late.
 */
public final class MeshInspector {
  /** What a topic is read from when no gateway knows a position: none of its own. */
  private static final StreamPosition NOWHERE = new StreamPosition("-", 0);

  private final Vertx vertx;
  private final MeshLoop loop;
  private final Asker asker;
  private final SelfInspection self;
  private final RoutingClient client;

  MeshInspector(
      Vertx vertx, MeshLoop loop, Asker asker, SelfInspection self, RoutingClient client) {
    this.vertx = vertx;
    this.loop = loop;
    this.asker = asker;
    this.self = self;
    this.client = client;
  }

  /**
   * @param view what is wanted; positions are looked up only for {@link MeshView#POSITIONS}
   * @param within how long one node, or one owner, may take
   */
  public Future<MeshReport> look(MeshView view, Inspection inspection, Duration within) {
    return loop.call(() -> ask(peers(), inspection, within)
        .compose(all -> view.isOfTopics()
            ? aboutTopics(view, all, inspection, within)
            : Future.succeededFuture(all)));
  }

  private List<Peer> peers() {
    return self.peers(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
  }

  private Future<MeshReport> ask(List<Peer> peers, Inspection inspection, Duration within) {
    List<Future<NodeReport>> asked =
        peers.stream().map(peer -> ask(peer, inspection, within)).toList();
    return Future.join(asked).transform(done -> {
      List<NodeReport> answers = new ArrayList<>();
      List<Peer> unanswered = new ArrayList<>();
      for (int i = 0; i < asked.size(); i++) {
        if (asked.get(i).succeeded()) {
          answers.add(asked.get(i).result());
        } else {
          unanswered.add(peers.get(i));
        }
      }
      answers.sort(Comparator.comparing(answer -> answer.node().id()));
      return Future.succeededFuture(new MeshReport(self.node(), answers, unanswered, Map.of()));
    });
  }

  private Future<NodeReport> ask(Peer peer, Inspection inspection, Duration within) {
    return asker
        .ask(peer.node().id(), "", new Question.Inspect(inspection), (int) within.toMillis())
        .compose(reply -> reply instanceof Reply.Inspected inspected
            ? Future.succeededFuture(inspected.report())
            : Future.failedFuture(
                new ServiceBrokenException(peer.node().id() + " answered something else")));
  }

  private Future<MeshReport> aboutTopics(
      MeshView view, MeshReport first, Inspection inspection, Duration within) {
    Map<Topic, StreamPosition> chosen = chosen(first, inspection.top());
    Future<Map<Topic, Head>> heads =
        view == MeshView.POSITIONS ? heads(chosen, within) : Future.succeededFuture(Map.of());
    Set<String> answered = new HashSet<>();
    first.answers().forEach(answer -> answered.add(answer.node().id()));
    List<Peer> again = peers().stream()
        .filter(peer -> peer.node().isGateway() && answered.contains(peer.node().id()))
        .toList();
    return heads.compose(known -> ask(again, inspection.about(List.copyOf(chosen.keySet())), within)
        .map(second -> joined(first, second, known)));
  }

  /** The topics that are shown, each with the newest position that a gateway has. */
  private static Map<Topic, StreamPosition> chosen(MeshReport report, int top) {
    Map<Topic, Standing> together = new HashMap<>();
    report
        .answers()
        .forEach(answer -> answer
            .topics()
            .shown()
            .forEach(standing -> together.merge(standing.topic(), standing, MeshInspector::sum)));
    Map<Topic, StreamPosition> chosen = new TreeMap<>();
    together.values().stream()
        .sorted(Standing.MOST_TELLING)
        .limit(top)
        .forEach(standing -> chosen.put(standing.topic(), standing.last().orElse(NOWHERE)));
    return chosen;
  }

  private static Standing sum(Standing one, Standing other) {
    Optional<StreamPosition> newest = one.last().isPresent()
            && (other.last().isEmpty()
                || one.last().get().offset() >= other.last().get().offset())
        ? one.last()
        : other.last();
    return new Standing(
        one.topic(),
        one.service(),
        one.holds() + other.holds(),
        newest,
        one.waiting() + other.waiting());
  }

  private Future<Map<Topic, Head>> heads(Map<Topic, StreamPosition> topics, Duration within) {
    Map<Topic, Future<Head>> asked = new TreeMap<>();
    topics.forEach((topic, newest) -> asked.put(topic, head(topic, newest, within)));
    return Future.join(List.copyOf(asked.values())).transform(done -> {
      Map<Topic, Head> heads = new HashMap<>();
      asked.forEach((topic, head) -> heads.put(topic, head.result()));
      return Future.succeededFuture(heads);
    });
  }

  /** Where the owner says that a topic stands; never fails. */
  private Future<Head> head(Topic topic, StreamPosition newest, Duration within) {
    Promise<Head> head = Promise.promise();
    Head silence = Head.unknown("the owner did not answer");
    long timer = vertx.setTimer(within.toMillis(), late -> head.tryComplete(silence));
    client
        .read(new TopicRead.CatchUp(topic, newest, 1))
        .map(answer -> answer instanceof TopicAnswer.Granted granted
            ? Head.at(granted.position())
            : Head.unknown("the owner does not know it"))
        .otherwise(silence)
        .onSuccess(head::tryComplete);
    return head.future().onComplete(told -> vertx.cancelTimer(timer));
  }

  /** Gateways tell more of the topics the second time; whoever fell silent meanwhile did not answer. */
  private static MeshReport joined(MeshReport first, MeshReport second, Map<Topic, Head> heads) {
    Map<String, NodeReport> later = new HashMap<>();
    second.answers().forEach(answer -> later.put(answer.node().id(), answer));
    Set<String> silent = new HashSet<>();
    second.unanswered().forEach(peer -> silent.add(peer.node().id()));
    List<NodeReport> answers = first.answers().stream()
        .filter(answer -> !silent.contains(answer.node().id()))
        .map(answer -> Optional.ofNullable(later.get(answer.node().id()))
            .map(again -> answer.withShown(again.topics().shown()))
            .orElse(answer))
        .toList();
    List<Peer> unanswered = new ArrayList<>(first.unanswered());
    unanswered.addAll(second.unanswered());
    return new MeshReport(first.askedBy(), answers, unanswered, heads);
  }
}
