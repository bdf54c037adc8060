package io.madang.runtime.mesh;

import io.madang.runtime.inspect.Inspection;
import io.madang.runtime.inspect.Standings;
import io.madang.runtime.topic.Publication;
import java.util.List;

/** What the mesh tells a gateway, on the mesh loop. */
public interface GatewayEndpoint {

  /** Publications of one node, in its order; those of other nodes come between. */
  void onBatch(List<Publication> publications);

  /** A node of {@code service} left or fell silent: what it published last may be missing. */
  void onEvidence(String service);

  /** How the topics stand that are asked about. Goes over all there are, and keeps only those that are told. */
  default Standings inspect(Inspection inspection) {
    return Standings.NONE;
  }
}
