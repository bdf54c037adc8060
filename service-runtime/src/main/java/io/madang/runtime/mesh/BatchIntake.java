package io.madang.runtime.mesh;

import io.madang.runtime.bus.BusMessage.Batch;
import io.madang.runtime.bus.MeshBus;
import io.vertx.core.Context;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings batches to the gateway of this node, each once, and acknowledges them when all its loops have them. On the mesh loop. */
final class BatchIntake {
  private static final Logger LOG = LoggerFactory.getLogger(BatchIntake.class);

  private final Context loop;
  private final MeshBus bus;
  private final Endpoints endpoints;
  private final InboundBatches inbound;

  /** Whether the end of the turn acknowledges batches. */
  private boolean acknowledging;

  BatchIntake(Context loop, MeshBus bus, Endpoints endpoints) {
    this.loop = loop;
    this.bus = bus;
    this.endpoints = endpoints;
    this.inbound = new InboundBatches(bus.node());
  }

  void on(Batch message) {
    if (inbound.arrived(message)) {
      deliver(message);
    }
    acknowledgeAfterTurn();
  }

  private void deliver(Batch batch) {
    Runnable taken = () -> loop.runOnContext(turn -> {
      inbound.taken(batch);
      acknowledgeAfterTurn();
    });
    if (endpoints.gateway().isEmpty()) {
      taken.run();
      return;
    }
    GatewayEndpoint endpoint = endpoints.gateway().get();
    try {
      endpoint.onBatch(batch.node(), batch.publications(), taken);
      if (!batch.newest().isEmpty()) {
        endpoint.onLeftOut(batch.node(), batch.newest());
      }
      if (batch.othersLeftOut()) {
        endpoint.onEvidence(batch.service());
      }
    } catch (RuntimeException e) {
      // A batch that breaks us would break us each time it is sent again; what is missing, the
      // comparison of positions brings.
      LOG.error("A batch of {} was not delivered", batch.service(), e);
      taken.run();
      endpoint.onEvidence(batch.service());
    }
  }

  /** What several batches of one turn need is one message per node and service. */
  private void acknowledgeAfterTurn() {
    if (inbound.hasAcknowledgements() && !acknowledging) {
      acknowledging = true;
      loop.runOnContext(turn -> {
        acknowledging = false;
        inbound
            .acknowledgements()
            .forEach((node, messages) -> messages.forEach(message -> bus.send(node, message)));
      });
    }
  }

  /** The node will not send again. */
  void onGone(String node) {
    inbound.gone(node);
  }
}
