package io.madang.runtime.mesh;

import io.madang.runtime.inspect.Inspection;
import io.madang.runtime.inspect.Standings;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.List;
import java.util.Map;

/** What the mesh tells a gateway, on the mesh loop. */
public interface GatewayEndpoint {

  /** Publications of one node, in its order; those of other nodes come between. */
  void onBatch(List<Publication> publications);

  /**
   * As {@link #onBatch(List)}, for one that hands them on to other loops: the sender sends no more than a bounded amount ahead
   * of what was taken.
   *
   * @param node that sent them
   * @param taken to be run once, on any thread, when the last of them has the publications
   */
  default void onBatch(String node, List<Publication> publications, Runnable taken) {
    onBatch(publications);
    taken.run();
  }

  /**
   * Publications were left out, up to these positions: the owner has them.
   *
   * @param node that left them out, and may have them still
   */
  default void onLeftOut(String node, Map<Topic, StreamPosition> newest) {}

  /** What nodes of {@code service} published last may be missing: positions are to be compared within about a second. */
  void onEvidence(String service);

  /**
   * This process stood still so long that the others may have done without it. What comes from now on is delivered only after
   * the position of its topic was compared with the owner's, as it may lie behind something that was lost.
   */
  default void onStoodStill() {}

  /** How the topics stand that are asked about. Goes over all there are, and keeps only those that are told. */
  default Standings inspect(Inspection inspection) {
    return Standings.NONE;
  }
}
