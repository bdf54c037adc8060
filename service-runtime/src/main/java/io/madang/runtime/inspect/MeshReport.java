package io.madang.runtime.inspect;

import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The mesh as one node found it by asking all of them at about the same time.
 *
 * @param askedBy the node that asked; its view of who is suspected counts for nodes that did not answer
 * @param answers by id of the node
 * @param unanswered nodes that did not answer in time
 * @param heads where the topics stand at their owners, of those that were looked up; read before the gateways said how far they
 *     are, so that what a gateway lacks of it is really late
 */
public record MeshReport(
    NodeInfo askedBy,
    List<NodeReport> answers,
    List<NodeReport.Peer> unanswered,
    Map<Topic, Head> heads) {

  public MeshReport {
    answers = List.copyOf(answers);
    unanswered = List.copyOf(unanswered);
    heads = Map.copyOf(heads);
  }

  /**
   * What the owner of a topic said.
   *
   * @param position where it stands; absent when the owner did not answer
   * @param problem why there is none; empty when there is one
   */
  public record Head(Optional<StreamPosition> position, String problem) {
    public static Head at(StreamPosition position) {
      return new Head(Optional.of(position), "");
    }

    public static Head unknown(String problem) {
      return new Head(Optional.empty(), problem);
    }
  }
}
