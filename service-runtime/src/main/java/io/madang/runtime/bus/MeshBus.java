package io.madang.runtime.bus;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.tracing.TracingPolicy;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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

  private static final DeliveryOptions DELIVERY = delivery(BusCodec.NAME);
  private static final DeliveryOptions SEALED_DELIVERY = delivery(SealedCodec.NAME);

  /** How often at most forged messages are told of. */
  private static final long BETWEEN_WARNINGS_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Vertx vertx;
  private final String node;
  private final FaultPoints faults;

  /** Absent where nobody else reaches the bus. */
  private final Optional<BusSeal> seal;

  /** Number of the last sealed message. */
  private final AtomicLong lastNumber = new AtomicLong();

  /** Touched where messages are received. */
  private final SeenNumbers seen = new SeenNumbers();

  /** Dropped since it was told of last. */
  private long dropped;

  private long toldNanos = System.nanoTime() - BETWEEN_WARNINGS_NANOS;

  /** Null until opened; written by {@link #open} and {@link #close} on the mesh loop. */
  private MessageConsumer<Object> consumer;

  public MeshBus(Vertx vertx, String node) {
    this(vertx, node, FaultPoints.NONE);
  }

  /** As the other, with what tests let happen to messages. */
  public MeshBus(Vertx vertx, String node, FaultPoints faults) {
    this(vertx, node, faults, Optional.empty());
  }

  /** As the other, with a seal on every message, without which none is taken. */
  public MeshBus(Vertx vertx, String node, FaultPoints faults, Optional<BusSeal> seal) {
    this.seal = seal;
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
    seal.ifPresent(key -> vertx.eventBus().registerCodec(new SealedCodec(node, key)));
    consumer = vertx.eventBus().consumer(ADDRESS_PREFIX + node);
    consumer.handler(message -> opened(message).ifPresent(body -> receive(handler, body)));
    return consumer.completion();
  }

  /** What a node of the mesh said, for the first time; empty for anything else, which is dropped. */
  private Optional<BusMessage> opened(Message<Object> message) {
    Object body;
    try {
      // Decoded here, where what cannot be decoded can be told.
      body = message.body();
    } catch (RuntimeException e) {
      drop(e.getMessage());
      return Optional.empty();
    }
    if (seal.isEmpty() && body instanceof BusMessage plain) {
      return Optional.of(plain);
    }
    if (seal.isPresent() && body instanceof SealedMessage sealed) {
      if (seen.isNew(sealed.from(), sealed.number())) {
        return Optional.of(sealed.message());
      }
      drop("a message of " + sealed.from() + " came a second time");
    } else {
      drop("a message does not carry a MAC");
    }
    return Optional.empty();
  }

  private void drop(String why) {
    dropped++;
    long now = System.nanoTime();
    if (now - toldNanos >= BETWEEN_WARNINGS_NANOS) {
      LOG.warn(
          "{} bus messages were dropped, the last as {}; all nodes need the same MADANG_CLUSTER_SECRET and MADANG_CLUSTER_NAME",
          dropped,
          why);
      dropped = 0;
      toldNanos = now;
    }
  }

  private static DeliveryOptions delivery(String codec) {
    return new DeliveryOptions().setCodecName(codec).setTracingPolicy(TracingPolicy.IGNORE);
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
      if (seal.isPresent()) {
        SealedMessage sealed =
            new SealedMessage(target, node, lastNumber.incrementAndGet(), message);
        vertx.eventBus().send(ADDRESS_PREFIX + target, sealed, SEALED_DELIVERY);
      } else {
        vertx.eventBus().send(ADDRESS_PREFIX + target, message, DELIVERY);
      }
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
