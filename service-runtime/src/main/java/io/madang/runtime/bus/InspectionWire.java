package io.madang.runtime.bus;

import io.madang.runtime.inspect.Inspection;
import io.madang.runtime.inspect.NodeReport;
import io.madang.runtime.inspect.NodeReport.Hosted;
import io.madang.runtime.inspect.NodeReport.Peer;
import io.madang.runtime.inspect.NodeReport.Reader;
import io.madang.runtime.inspect.NodeReport.Wanted;
import io.madang.runtime.inspect.NodeReport.Window;
import io.madang.runtime.inspect.Standing;
import io.madang.runtime.inspect.Standings;
import io.madang.runtime.membership.NodeInfo;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What nodes tell an operator of themselves, written and read in the same order of fields. */
record InspectionWire(WireParts parts) {

  void writeInspection(WireWriter wire, Inspection inspection) {
    wire.list(inspection.topics(), topic -> wire.text(topic.name()));
    wire.optional(inspection.prefix(), wire::text);
    wire.number(inspection.top());
  }

  Inspection readInspection(WireReader wire) {
    return new Inspection(
        wire.list(() -> parts.readTopic(wire)), wire.optional(wire::text), wire.wholeInt());
  }

  void writeReport(WireWriter wire, NodeReport report) {
    writeNode(wire, report.node());
    wire.number(report.sinceMillis());
    wire.list(report.peers(), peer -> writePeer(wire, peer));
    wire.list(report.wanted(), wanted -> writeWanted(wire, wanted));
    wire.list(report.hosted(), hosted -> writeHosted(wire, hosted));
    wire.list(report.topics().shown(), standing -> writeStanding(wire, standing));
    wire.number(report.topics().matching());
    writeNumbers(wire, report.counts());
  }

  NodeReport readReport(WireReader wire) {
    return new NodeReport(
        readNode(wire),
        wire.wholeLong(),
        wire.list(() -> readPeer(wire)),
        wire.list(() -> readWanted(wire)),
        wire.list(() -> readHosted(wire)),
        new Standings(wire.list(() -> readStanding(wire)), wire.wholeInt()),
        readNumbers(wire));
  }

  void writeNode(WireWriter wire, NodeInfo node) {
    wire.text(node.id());
    wire.text(node.name());
    wire.list(node.roles(), wire::text);
  }

  NodeInfo readNode(WireReader wire) {
    return new NodeInfo(wire.text(), wire.text(), Set.copyOf(wire.list(wire::text)));
  }

  private void writePeer(WireWriter wire, Peer peer) {
    writeNode(wire, peer.node());
    wire.flag(peer.suspected());
    wire.number(peer.silentMillis());
    wire.list(peer.accepting(), wire::text);
  }

  private Peer readPeer(WireReader wire) {
    return new Peer(readNode(wire), wire.flag(), wire.wholeLong(), wire.list(wire::text));
  }

  private static void writeWanted(WireWriter wire, Wanted wanted) {
    wire.text(wanted.service());
    wire.number(wanted.version());
    wire.number(wanted.topics());
    writeNumbers(wire, wanted.taken());
  }

  private static Wanted readWanted(WireReader wire) {
    return new Wanted(wire.text(), wire.wholeLong(), wire.wholeInt(), readNumbers(wire));
  }

  private static void writeHosted(WireWriter wire, Hosted hosted) {
    wire.text(hosted.service());
    wire.flag(hosted.accepting());
    wire.list(hosted.readers(), reader -> {
      wire.text(reader.gateway());
      wire.number(reader.version());
      wire.number(reader.topics());
      wire.number(reader.window().batches());
      wire.number(reader.window().bytes());
      wire.number(reader.window().topicsLeftOut());
      wire.flag(reader.window().blocked());
    });
  }

  private static Hosted readHosted(WireReader wire) {
    return new Hosted(
        wire.text(),
        wire.flag(),
        wire.list(() -> new Reader(
            wire.text(),
            wire.wholeLong(),
            wire.wholeInt(),
            new Window(wire.wholeInt(), wire.wholeLong(), wire.wholeInt(), wire.flag()))));
  }

  private void writeStanding(WireWriter wire, Standing standing) {
    wire.text(standing.topic().name());
    wire.text(standing.service());
    wire.number(standing.holds());
    wire.optional(standing.last(), last -> parts.writePosition(wire, last));
    wire.number(standing.waiting());
  }

  private Standing readStanding(WireReader wire) {
    return new Standing(
        parts.readTopic(wire),
        wire.text(),
        wire.wholeInt(),
        wire.optional(() -> parts.readPosition(wire)),
        wire.wholeInt());
  }

  private static void writeNumbers(WireWriter wire, Map<String, Long> numbers) {
    wire.list(numbers.entrySet(), entry -> {
      wire.text(entry.getKey());
      wire.number(entry.getValue());
    });
  }

  private static Map<String, Long> readNumbers(WireReader wire) {
    Map<String, Long> numbers = new TreeMap<>();
    wire.list(() -> numbers.put(wire.text(), wire.wholeLong()) == null);
    return numbers;
  }
}
