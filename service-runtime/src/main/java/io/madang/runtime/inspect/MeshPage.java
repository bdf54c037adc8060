package io.madang.runtime.inspect;

import io.madang.runtime.inspect.MeshReport.Head;
import io.madang.runtime.inspect.NodeReport.Hosted;
import io.madang.runtime.inspect.NodeReport.Peer;
import io.madang.runtime.inspect.NodeReport.Reader;
import io.madang.runtime.inspect.NodeReport.Wanted;
import io.madang.runtime.inspect.NodeReport.Window;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A {@link MeshReport} as one JSON object for operators, of which each {@link MeshView} shows a part. Every one says who was asked
 * and who did not answer.
 */
public final class MeshPage {
  private final MeshReport report;

  /** Gateways among the answers, by id. */
  private final List<NodeReport> gateways;

  public MeshPage(MeshReport report) {
    this.report = report;
    this.gateways =
        report.answers().stream().filter(answer -> answer.node().isGateway()).toList();
  }

  /** @param top topics shown at most, the most telling first */
  public JsonObject of(MeshView view, int top) {
    JsonObject page = new JsonObject()
        .put("view", view.word())
        .put("askedBy", report.askedBy().id())
        .put("unanswered", array(report.unanswered(), MeshPage::silent));
    return switch (view) {
      case NODES -> page.put("nodes", nodes());
      case INTEREST -> page.put("interest", interest());
      case TOPICS -> topics(page, top, this::topic);
      case POSITIONS -> topics(page, top, this::position).put("repairs", repairs());
    };
  }

  private static JsonObject silent(Peer peer) {
    return new JsonObject()
        .put("node", peer.node().id())
        .put("roles", sorted(peer.node().roles()))
        .put("suspected", peer.suspected())
        .put("silentMs", peer.silentMillis());
  }

  // Nodes.

  private JsonArray nodes() {
    JsonArray nodes = new JsonArray();
    Map<String, Peer> peers = new TreeMap<>();
    report
        .answers()
        .forEach(answer -> answer
            .peers()
            .forEach(peer -> peers.merge(peer.node().id(), peer, MeshPage::heardLater)));
    report.unanswered().forEach(peer -> peers.put(peer.node().id(), peer));
    peers.values().forEach(peer -> nodes.add(node(peer)));
    return nodes;
  }

  private static Peer heardLater(Peer one, Peer other) {
    return one.silentMillis() <= other.silentMillis() ? one : other;
  }

  private JsonObject node(Peer peer) {
    NodeInfo info = peer.node();
    Optional<NodeReport> answer = answerOf(info.id());
    JsonObject node = new JsonObject()
        .put("node", info.id())
        .put("name", info.name())
        .put("roles", sorted(info.roles()))
        .put("answered", answer.isPresent())
        .put("suspected", peer.suspected())
        .put("accepting", sorted(peer.accepting()))
        .put("suspectedBy", namesOf(who -> suspects(who, info.id())))
        .put("unknownTo", namesOf(who -> peerOf(who, info.id()).isEmpty()));
    answer.ifPresent(
        known -> node.put("since", Instant.ofEpochMilli(known.sinceMillis()).toString()));
    return node;
  }

  private Optional<NodeReport> answerOf(String id) {
    return report.answers().stream()
        .filter(answer -> answer.node().id().equals(id))
        .findFirst();
  }

  private JsonArray namesOf(Function<NodeReport, Boolean> whether) {
    return new JsonArray(report.answers().stream()
        .filter(whether::apply)
        .map(answer -> answer.node().id())
        .sorted()
        .toList());
  }

  private static Optional<Peer> peerOf(NodeReport who, String id) {
    return who.peers().stream().filter(peer -> peer.node().id().equals(id)).findFirst();
  }

  private static boolean suspects(NodeReport who, String id) {
    return peerOf(who, id).map(Peer::suspected).orElse(false);
  }

  // Interest.

  /** A row for each gateway and service that wants something, or of which a service node knows a set. */
  private JsonArray interest() {
    JsonArray rows = new JsonArray();
    TreeSet<String> ids = new TreeSet<>();
    gateways.forEach(gateway -> ids.add(gateway.node().id()));
    report
        .answers()
        .forEach(answer -> answer
            .hosted()
            .forEach(hosted -> hosted.readers().forEach(reader -> ids.add(reader.gateway()))));
    TreeSet<String> services = new TreeSet<>();
    report
        .answers()
        .forEach(answer -> answer.hosted().forEach(hosted -> services.add(hosted.service())));
    gateways.forEach(gateway -> gateway.wanted().forEach(wanted -> services.add(wanted.service())));
    for (String gateway : ids) {
      for (String service : services) {
        interest(gateway, service).ifPresent(rows::add);
      }
    }
    return rows;
  }

  private Optional<JsonObject> interest(String gateway, String service) {
    Optional<Wanted> wanted = answerOf(gateway).stream()
        .flatMap(answer -> answer.wanted().stream())
        .filter(each -> each.service().equals(service))
        .findFirst();
    JsonArray nodes = new JsonArray();
    for (NodeReport answer : report.answers()) {
      for (Hosted hosted : answer.hosted()) {
        if (hosted.service().equals(service)) {
          hosted.readers().stream()
              .filter(reader -> reader.gateway().equals(gateway))
              .forEach(reader -> nodes.add(known(answer.node(), reader, wanted)));
        }
      }
    }
    if (wanted.isEmpty() && nodes.isEmpty()) {
      return Optional.empty();
    }
    JsonObject row = new JsonObject()
        .put("gateway", gateway)
        .put("service", service)
        .put("topics", wanted.map(Wanted::topics).orElse(null))
        .put("version", wanted.map(Wanted::version).orElse(null))
        .put("nodes", nodes);
    return Optional.of(row);
  }

  /** A set that is not the gateway's own is one that is on its way, unless it stays so. */
  private static JsonObject known(NodeInfo node, Reader reader, Optional<Wanted> wanted) {
    return new JsonObject()
        .put("node", node.id())
        .put("topics", reader.topics())
        .put("version", reader.version())
        .put(
            "agrees",
            wanted
                .map(of -> of.version() == reader.version() && of.topics() == reader.topics())
                .orElse(null))
        .put("window", window(reader.window()));
  }

  private static JsonObject window(Window window) {
    return new JsonObject()
        .put("batches", window.batches())
        .put("bytes", window.bytes())
        .put("topicsLeftOut", window.topicsLeftOut())
        .put("blocked", window.blocked());
  }

  // Topics.

  /** The rows of topics, and how many of each gateway's are not among them. */
  private JsonObject topics(JsonObject page, int top, Function<List<At>, JsonObject> row) {
    Map<Topic, List<At>> byTopic = new TreeMap<>();
    for (NodeReport gateway : gateways) {
      for (Standing standing : gateway.topics().shown()) {
        byTopic
            .computeIfAbsent(standing.topic(), topic -> new ArrayList<>())
            .add(new At(gateway.node(), standing));
      }
    }
    List<List<At>> rows = new ArrayList<>(byTopic.values());
    rows.sort(Comparator.comparing(MeshPage::together, Standing.MOST_TELLING));
    List<List<At>> shown = rows.subList(0, Math.min(top, rows.size()));
    JsonObject leftOut = new JsonObject();
    for (NodeReport gateway : gateways) {
      long here = shown.stream()
          .flatMap(List::stream)
          .filter(at -> at.gateway().equals(gateway.node()))
          .count();
      leftOut.put(gateway.node().id(), Math.max(0, gateway.topics().matching() - here));
    }
    return page.put("topics", array(shown, row)).put("leftOut", leftOut);
  }

  /** A topic at one gateway. */
  private record At(NodeInfo gateway, Standing standing) {}

  /** One topic over all gateways, for the order. */
  private static Standing together(List<At> everywhere) {
    Standing first = everywhere.get(0).standing();
    return new Standing(
        first.topic(),
        first.service(),
        everywhere.stream().mapToInt(at -> at.standing().holds()).sum(),
        Optional.empty(),
        everywhere.stream().mapToInt(at -> at.standing().waiting()).sum());
  }

  private JsonObject topic(List<At> everywhere) {
    Standing together = together(everywhere);
    return new JsonObject()
        .put("topic", together.topic().name())
        .put("service", together.service())
        .put("holds", together.holds())
        .put(
            "gateways",
            array(
                everywhere,
                at -> new JsonObject()
                    .put("node", at.gateway().id())
                    .put("holds", at.standing().holds())
                    .put("waiting", at.standing().waiting())));
  }

  // Positions.

  private JsonObject position(List<At> everywhere) {
    Standing together = together(everywhere);
    Head head =
        report.heads().getOrDefault(together.topic(), Head.unknown("the owner was not asked"));
    JsonObject row = new JsonObject()
        .put("topic", together.topic().name())
        .put("service", together.service())
        .put("head", head.position().map(MeshPage::json).orElse(null));
    if (head.position().isEmpty()) {
      row.put("headProblem", head.problem());
    }
    return row.put("gateways", array(everywhere, at -> standing(at, head)));
  }

  private static JsonObject standing(At at, Head head) {
    JsonObject gateway = new JsonObject()
        .put("node", at.gateway().id())
        .put("last", at.standing().last().map(MeshPage::json).orElse(null))
        .put("lag", null)
        .put("waiting", at.standing().waiting());
    if (head.position().isPresent() && at.standing().last().isPresent()) {
      StreamPosition owner = head.position().get();
      StreamPosition here = at.standing().last().get();
      boolean sameLife = owner.epoch().equals(here.epoch());
      gateway.put("sameEpoch", sameLife);
      if (sameLife) {
        gateway.put("lag", Math.max(0, owner.offset() - here.offset()));
      }
    }
    return gateway;
  }

  private static JsonObject json(StreamPosition position) {
    return new JsonObject().put("epoch", position.epoch()).put("offset", position.offset());
  }

  /** What each node counted since it began, and what it has on its way to gateways now. */
  private JsonArray repairs() {
    return array(report.answers(), answer -> {
      JsonObject counts = new JsonObject();
      new TreeMap<>(answer.counts()).forEach(counts::put);
      List<Reader> readers =
          answer.hosted().stream().flatMap(hosted -> hosted.readers().stream()).toList();
      return new JsonObject()
          .put("node", answer.node().id())
          .put("counts", counts)
          .put(
              "inFlight",
              new JsonObject()
                  .put(
                      "batches",
                      readers.stream().mapToInt(each -> each.window().batches()).sum())
                  .put(
                      "bytes",
                      readers.stream().mapToLong(each -> each.window().bytes()).sum())
                  .put(
                      "blocked",
                      readers.stream().filter(each -> each.window().blocked()).count()));
    });
  }

  private static <T> JsonArray array(Collection<T> values, Function<T, JsonObject> json) {
    JsonArray array = new JsonArray();
    values.forEach(value -> array.add(json.apply(value)));
    return array;
  }

  private static JsonArray sorted(Collection<String> words) {
    return new JsonArray(words.stream().sorted().toList());
  }
}
