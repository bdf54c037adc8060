package io.madang.runtime.bus;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.tracing.TracingPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that touches Vert.x's event bus: a node listens on one address and sends to the addresses of others.
 *
 * <p>From one thread to one node messages arrive in order; a message to a node that went away is lost without a word.
 */
public final class MeshBus {
  private static final Logger LOG = LoggerFactory.getLogger(MeshBus.class);
  private static final String ADDRESS_PREFIX = "node.";

  private static final DeliveryOptions DELIVERY =
      new DeliveryOptions().setCodecName(BusCodec.NAME).setTracingPolicy(TracingPolicy.IGNORE);

  private final Vertx vertx;
  private final String node;
  private final FaultPoints faults;

  /** Null until opened; written by {@link #open} and {@link #close} on the mesh loop. */
  private MessageConsumer<BusMessage> consumer;

  public MeshBus(Vertx vertx, String node) {
    this(vertx, node, FaultPoints.NONE);
  }

  /** As the other, with what tests let happen to messages. */
  public MeshBus(Vertx vertx, String node, FaultPoints faults) {
    this.vertx = vertx;
    this.node = node;
    this.faults = faults;
  }

  /**
   * Teaches {@code vertx} our messages; once per Vert.x, before the first bus.
   *
   * @param encodeLocally whether messages take their wire form within the process too
   */
  public static void register(Vertx vertx, boolean encodeLocally) {
    vertx.eventBus().registerCodec(new BusCodec(encodeLocally));
  }

  /** Listens on the calling context; {@code handler} gets every message there. */
  public Future<Void> open(Handler<BusMessage> handler) {
    consumer = vertx.eventBus().consumer(ADDRESS_PREFIX + node);
    consumer.handler(message -> receive(handler, message.body()));
    return consumer.completion();
  }

  /** One bad message must not keep the next from being heard, nor show as its sender's time-out without a trace. */
  private static void receive(Handler<BusMessage> handler, BusMessage message) {
    try {
      handler.handle(message);
    } catch (RuntimeException e) {
      LOG.error("A bus message of kind {} was not handled", message.getClass().getSimpleName(), e);
    }
  }

  /** Sends and forgets; safe on any thread. */
  public void send(String target, BusMessage message) {
    faults.leaving(target, message, () -> sendOnward(target, message));
  }

  private void sendOnward(String target, BusMessage message) {
    try {
      vertx.eventBus().send(ADDRESS_PREFIX + target, message, DELIVERY);
    } catch (IllegalStateException e) {
      // When the connection breaks at this moment, Vert.x ends the write twice and tells the second
      // time to whoever sends; the turn that sends to many must reach the others.
      LOG.warn("A message to {} is lost with its connection: {}", target, e.getMessage());
    }
  }

  public Future<Void> close() {
    return consumer == null ? Future.succeededFuture() : consumer.unregister();
  }

  public String node() {
    return node;
  }

  public FaultPoints faults() {
    return faults;
  }
}
