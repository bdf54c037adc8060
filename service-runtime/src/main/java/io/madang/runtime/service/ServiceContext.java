package io.madang.runtime.service;

import io.madang.runtime.inspect.Inspection;
import io.madang.runtime.inspect.MeshView;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.topic.Payload;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;

/**
 * What the mesh gives a service; valid from {@link MeshService#start} to {@link MeshService#stop}.
 *
 * @param vertx for timers and clients of stores
 * @param self the node the service runs on
 * @param publisher brings publications to the gateways
 * @param services asks other services
 * @param clients asks connections
 * @param nodes the live nodes and what they count
 * @param metrics where to count
 */
public record ServiceContext(
    Vertx vertx,
    NodeInfo self,
    Publisher publisher,
    ServiceAsker services,
    ClientAsker clients,
    NodeView nodes,
    MeterRegistry metrics) {

  /** The other nodes of the mesh. */
  public interface NodeView {
    /** Every live node, this one too, by name. */
    List<NodeInfo> live();

    /** The counters of a node as a JSON object {@code {"<meter>":number}}; fails after one second without answer. */
    Future<Payload> counters(NodeInfo node);

    /**
     * How the whole mesh stands, as a JSON object. Asks every node, so it is for operators and not for each turn. Nodes and
     * owners of topics that do not answer are named in it and fail nothing.
     *
     * @param within how long one of them may take; the whole takes three times as long at most
     */
    Future<Payload> look(MeshView view, Inspection inspection, Duration within);
  }
}
