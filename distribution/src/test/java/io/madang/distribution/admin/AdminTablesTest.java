package io.madang.distribution.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.inspect.MeshPage;
import io.madang.runtime.inspect.MeshReport;
import io.madang.runtime.inspect.MeshReport.Head;
import io.madang.runtime.inspect.MeshView;
import io.madang.runtime.inspect.NodeReport;
import io.madang.runtime.inspect.NodeReport.Hosted;
import io.madang.runtime.inspect.NodeReport.Peer;
import io.madang.runtime.inspect.NodeReport.Reader;
import io.madang.runtime.inspect.NodeReport.Wanted;
import io.madang.runtime.inspect.NodeReport.Window;
import io.madang.runtime.inspect.Standing;
import io.madang.runtime.inspect.Standings;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AdminTablesTest {
  private static final NodeInfo CHAT = new NodeInfo("chat-1.a", "chat-1", Set.of("chat"));
  private static final NodeInfo ONE = new NodeInfo("gateway-1.a", "gateway-1", Set.of("gateway"));
  private static final NodeInfo TWO = new NodeInfo("gateway-2.a", "gateway-2", Set.of("gateway"));
  private static final Topic ROOM = Topic.parse("room:dev");
  private static final Peer SILENT = new Peer(TWO, true, 2_345, List.of());

  private static final List<Peer> PEERS = List.of(
      new Peer(CHAT, false, 10, List.of("chat")), new Peer(ONE, false, 10, List.of()), SILENT);

  private static NodeReport chat() {
    return new NodeReport(
        CHAT,
        0,
        PEERS,
        List.of(),
        List.of(new Hosted(
            "chat",
            true,
            List.of(
                new Reader("gateway-1.a", 3, 1, new Window(1, 500, 0, false)),
                new Reader("gateway-2.a", 2, 1, new Window(2, 70_000, 1, true))))),
        Standings.NONE,
        Map.of("batchesSent", 9L, "batchesResent", 2L));
  }

  private static NodeReport gateway(Standings standings) {
    return new NodeReport(
        ONE,
        0,
        PEERS,
        List.of(new Wanted("chat", 3, 1, Map.of("chat-1.a", 3L))),
        List.of(),
        standings,
        Map.of("holesRepaired", 1L));
  }

  private static List<String> lines(MeshView view, MeshReport report, int top) {
    return new AdminTables(new MeshPage(report).of(view, top)).lines(view);
  }

  private static MeshReport report(Standing... standings) {
    return new MeshReport(
        ONE,
        List.of(chat(), gateway(new Standings(List.of(standings), standings.length))),
        List.of(SILENT),
        Map.of(ROOM, Head.at(new StreamPosition("e", 12))));
  }

  private static Standing room(long last) {
    return new Standing(ROOM, "chat", 3, Optional.of(new StreamPosition("e", last)), 1);
  }

  @Test
  void of_nodes_tell_who_is_well_and_who_is_not() {
    assertThat(lines(MeshView.NODES, report(), 20))
        .containsExactly(
            "NODE         ROLES    SINCE                 STATE",
            "chat-1.a     chat     1970-01-01T00:00:00Z  fine",
            "gateway-1.a  gateway  1970-01-01T00:00:00Z  fine",
            "gateway-2.a  gateway  -                     does not answer; suspected by all that answer",
            "",
            "gateway-2.a did not answer; it was last heard 2.3 s ago.");
  }

  @Test
  void of_interest_tell_what_is_on_its_way() {
    assertThat(lines(MeshView.INTEREST, report(), 20))
        .startsWith(
            "GATEWAY      SERVICE  TOPICS  VERSION  NODE      KNOWS               ON ITS WAY",
            "gateway-1.a  chat          1        3  chat-1.a  the same            1 batch, 500 B",
            "gateway-2.a  chat          -        -  chat-1.a  1 topic, version 2  2 batches, 68.4 KiB, 1 topic left out, blocked");
  }

  @Test
  void of_positions_tell_how_far_behind_a_gateway_is_and_what_was_repaired() {
    assertThat(lines(MeshView.POSITIONS, report(room(10)), 20))
        .containsExactly(
            "TOPIC     SERVICE  HEAD  GATEWAY      LAST  LAG  WAITING",
            "room:dev  chat       12  gateway-1.a    10    2        1",
            "",
            "NODE         SINCE ITS START                   ON ITS WAY TO GATEWAYS",
            "chat-1.a     batches resent 2, batches sent 9  3 batches, 68.8 KiB, 1 gateway blocked",
            "gateway-1.a  holes repaired 1                  nothing",
            "",
            "gateway-2.a did not answer; it was last heard 2.3 s ago.");
  }

  @Test
  void stand_in_columns_whatever_the_script() {
    Standing wide = new Standing(Topic.parse("room:방 1"), "chat", 2, Optional.empty(), 0);
    assertThat(lines(MeshView.TOPICS, report(room(12), wide), 20))
        .startsWith(
            "TOPIC      SERVICE  HELD  GATEWAY      HELD THERE  WAITING",
            "room:dev   chat        3  gateway-1.a           3        1",
            "room:방 1  chat        2  gateway-1.a           2        0");
  }

  @Test
  void tell_what_they_leave_out_and_when_there_is_nothing() {
    Standing other = new Standing(Topic.parse("room:a"), "chat", 1, Optional.empty(), 0);
    assertThat(lines(MeshView.TOPICS, report(room(12), other), 1))
        .startsWith(
            "TOPIC     SERVICE  HELD  GATEWAY      HELD THERE  WAITING",
            "room:dev  chat        3  gateway-1.a           3        1",
            "",
            "Left out: 1 more at gateway-1.a; --top shows more, --prefix and --topic others.");
    assertThat(lines(MeshView.TOPICS, report(), 20)).startsWith("No gateway hears such a topic.");
    MeshReport empty = new MeshReport(ONE, List.of(), List.of(), Map.of());
    assertThat(lines(MeshView.INTEREST, empty, 20)).containsExactly("No gateway wants anything.");
  }
}
