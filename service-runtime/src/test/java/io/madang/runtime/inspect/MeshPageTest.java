package io.madang.runtime.inspect;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MeshPageTest {
  private static final NodeInfo ECHO = new NodeInfo("echo-1.a", "echo-1", Set.of("echo"));
  private static final NodeInfo ONE = new NodeInfo("gateway-1.a", "gateway-1", Set.of("gateway"));
  private static final NodeInfo TWO = new NodeInfo("gateway-2.a", "gateway-2", Set.of("gateway"));
  private static final Topic LOG = Topic.parse("log:a");

  private static Peer peer(NodeInfo node, boolean suspected, long silentMillis) {
    List<String> accepting = node.equals(ECHO) ? List.of("echo") : List.of();
    return new Peer(node, suspected, silentMillis, accepting);
  }

  private static NodeReport service(List<Peer> peers, Reader... readers) {
    return new NodeReport(
        ECHO,
        0,
        peers,
        List.of(),
        List.of(new Hosted("echo", true, List.of(readers))),
        Standings.NONE,
        Map.of());
  }

  private static NodeReport gateway(
      NodeInfo node, List<Peer> peers, List<Wanted> wanted, Standings topics) {
    return new NodeReport(
        node, 0, peers, wanted, List.of(), topics, Map.of("holesRepaired", 2L, "gaps", 0L));
  }

  private static NodeReport gateway(NodeInfo node, Standing... standings) {
    return gateway(node, List.of(), List.of(), new Standings(List.of(standings), standings.length));
  }

  private static Standing at(long offset) {
    return new Standing(LOG, "echo", 1, Optional.of(new StreamPosition("e", offset)), 0);
  }

  private static JsonObject page(MeshView view, MeshReport report) {
    return new MeshPage(report).of(view, 10);
  }

  private static MeshReport report(List<NodeReport> answers, Peer... unanswered) {
    return new MeshReport(ECHO, answers, List.of(unanswered), Map.of());
  }

  private static JsonObject first(JsonArray array) {
    return array.getJsonObject(0);
  }

  @Nested
  class The_nodes {
    @Test
    void are_those_that_answered_and_those_that_did_not() {
      List<Peer> peers =
          List.of(peer(ECHO, false, 10), peer(ONE, false, 20), peer(TWO, true, 9_000));
      JsonObject page = page(
          MeshView.NODES,
          report(
              List.of(service(peers), gateway(ONE, peers, List.of(), Standings.NONE)),
              peer(TWO, true, 9_000)));

      JsonArray nodes = page.getJsonArray("nodes");
      assertThat(nodes).hasSize(3);
      JsonObject silent = nodes.getJsonObject(2);
      assertThat(silent.getString("node")).isEqualTo("gateway-2.a");
      assertThat(silent.getBoolean("answered")).isFalse();
      assertThat(silent.getBoolean("suspected")).isTrue();
      assertThat(silent.getJsonArray("suspectedBy"))
          .containsExactlyInAnyOrder("echo-1.a", "gateway-1.a");
      assertThat(silent.getString("since")).isNull();
      assertThat(first(nodes).getJsonArray("accepting")).containsExactly("echo");
      assertThat(first(nodes).getString("since")).isEqualTo("1970-01-01T00:00:00Z");
      assertThat(first(page.getJsonArray("unanswered")).getLong("silentMs")).isEqualTo(9_000);
    }

    @Test
    void tell_who_does_not_know_whom() {
      JsonObject page = page(
          MeshView.NODES,
          report(List.of(
              service(List.of(peer(ECHO, false, 0))),
              gateway(
                  ONE,
                  List.of(peer(ECHO, false, 0), peer(ONE, false, 0)),
                  List.of(),
                  Standings.NONE))));
      assertThat(page.getJsonArray("nodes").getJsonObject(1).getJsonArray("unknownTo"))
          .containsExactly("echo-1.a");
    }
  }

  @Nested
  class Interest {
    @Test
    void stands_beside_what_the_nodes_of_the_service_know_of_it() {
      Window window = new Window(3, 900, 1, true);
      JsonObject page = page(
          MeshView.INTEREST,
          report(List.of(
              service(List.of(), new Reader("gateway-1.a", 7, 2, window)),
              gateway(
                  ONE,
                  List.of(),
                  List.of(new Wanted("echo", 8, 3, Map.of("echo-1.a", 7L))),
                  Standings.NONE))));

      JsonObject row = first(page.getJsonArray("interest"));
      assertThat(row.getLong("topics")).isEqualTo(3);
      JsonObject node = first(row.getJsonArray("nodes"));
      assertThat(node.getLong("version")).isEqualTo(7);
      assertThat(node.getBoolean("agrees")).isFalse();
      assertThat(node.getJsonObject("window"))
          .isEqualTo(
              new JsonObject("{\"batches\":3,\"bytes\":900,\"topicsLeftOut\":1,\"blocked\":true}"));
    }

    @Test
    void of_a_gateway_that_does_not_answer_is_what_others_know() {
      JsonObject page = page(
          MeshView.INTEREST,
          report(
              List.of(service(List.of(), new Reader("gateway-2.a", 7, 2, Window.EMPTY))),
              peer(TWO, true, 5_000)));
      JsonObject row = first(page.getJsonArray("interest"));
      assertThat(row.getString("gateway")).isEqualTo("gateway-2.a");
      assertThat(row.getLong("topics")).isNull();
      assertThat(first(row.getJsonArray("nodes")).getBoolean("agrees")).isNull();
    }
  }

  @Nested
  class A_position {
    private JsonObject row(Head head, NodeReport... gateways) {
      MeshReport report = new MeshReport(ECHO, List.of(gateways), List.of(), Map.of(LOG, head));
      return first(page(MeshView.POSITIONS, report).getJsonArray("topics"));
    }

    @Test
    void is_as_far_behind_as_its_owner_is_ahead() {
      JsonArray gateways = row(
              Head.at(new StreamPosition("e", 10)), gateway(ONE, at(10)), gateway(TWO, at(7)))
          .getJsonArray("gateways");
      assertThat(gateways.getJsonObject(0).getLong("lag")).isZero();
      assertThat(gateways.getJsonObject(1).getLong("lag")).isEqualTo(3);
    }

    @Test
    void that_was_delivered_after_the_owner_was_read_is_not_behind() {
      assertThat(first(row(Head.at(new StreamPosition("e", 10)), gateway(ONE, at(12)))
                  .getJsonArray("gateways"))
              .getLong("lag"))
          .isZero();
    }

    @Test
    void of_another_epoch_is_not_compared() {
      JsonObject gateway = first(
          row(Head.at(new StreamPosition("f", 10)), gateway(ONE, at(7))).getJsonArray("gateways"));
      assertThat(gateway.getBoolean("sameEpoch")).isFalse();
      assertThat(gateway.getLong("lag")).isNull();
    }

    @Test
    void of_an_owner_that_is_silent_is_not_known() {
      JsonObject row = row(Head.unknown("the owner did not answer"), gateway(ONE, at(7)));
      assertThat(row.getJsonObject("head")).isNull();
      assertThat(row.getString("headProblem")).isEqualTo("the owner did not answer");
      assertThat(first(row.getJsonArray("gateways")).getLong("lag")).isNull();
    }

    @Test
    void comes_with_what_was_repaired_and_is_on_its_way() {
      NodeReport service = service(
          List.of(),
          new Reader("gateway-1.a", 1, 1, new Window(2, 50, 0, false)),
          new Reader("gateway-2.a", 1, 1, new Window(3, 70, 0, true)));
      JsonArray repairs = page(MeshView.POSITIONS, report(List.of(service, gateway(ONE, at(1)))))
          .getJsonArray("repairs");
      assertThat(first(repairs).getJsonObject("inFlight"))
          .isEqualTo(new JsonObject("{\"batches\":5,\"bytes\":120,\"blocked\":1}"));
      assertThat(repairs.getJsonObject(1).getJsonObject("counts"))
          .isEqualTo(new JsonObject("{\"gaps\":0,\"holesRepaired\":2}"));
    }
  }

  @Nested
  class The_topics {
    private final Topic other = Topic.parse("log:b");

    @Test
    void are_summed_over_the_gateways_and_those_left_out_are_counted_for_each() {
      Standing more = new Standing(other, "echo", 5, Optional.empty(), 0);
      MeshReport report = report(List.of(
          gateway(ONE, List.of(), List.of(), new Standings(List.of(at(1), more), 2)),
          gateway(TWO, List.of(), List.of(), new Standings(List.of(at(1)), 40))));

      JsonObject page = new MeshPage(report).of(MeshView.TOPICS, 1);

      assertThat(page.getJsonArray("topics")).hasSize(1);
      assertThat(first(page.getJsonArray("topics")).getString("topic")).isEqualTo("log:b");
      assertThat(page.getJsonObject("leftOut"))
          .isEqualTo(new JsonObject("{\"gateway-1.a\":1,\"gateway-2.a\":40}"));
      JsonObject second =
          new MeshPage(report).of(MeshView.TOPICS, 2).getJsonArray("topics").getJsonObject(1);
      assertThat(second.getInteger("holds")).isEqualTo(2);
      assertThat(second.getJsonArray("gateways")).hasSize(2);
    }
  }
}
