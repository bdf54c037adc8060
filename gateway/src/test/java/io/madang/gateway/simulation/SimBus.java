package io.madang.gateway.simulation;

import io.madang.runtime.bus.BusCodec;
import io.madang.runtime.bus.BusMessage;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The event bus between the processes: each message takes its wire form, from one process to another they arrive in order, and
 * whatever the weather says is lost, comes twice, or is overtaken. Within a process nothing is lost.
 */
final class SimBus {
  /**
   * How bad it is.
   *
   * @param lost share of the messages that never arrive
   * @param doubled share that arrive twice
   * @param late share that arrive after others that were sent later
   */
  record Weather(double lost, double doubled, double late) {
    static final Weather FINE = new Weather(0, 0, 0);
  }

  /** Of what is late, so much is later than anybody waits. */
  private static final double VERY_LATE = 0.1;

  private record Endpoint(SimProcess process, SimLoop loop, Handler<Message<BusMessage>> handler) {}

  /** From one process to another. */
  private record Way(SimProcess from, SimProcess to) {}

  private final VirtualTime time;
  private final Trace trace;
  private final BusCodec codec = new BusCodec(true);
  private final Map<String, Endpoint> byAddress = new HashMap<>();

  /** When the last message in order arrives. */
  private final Map<Way, Long> lastArrival = new HashMap<>();

  private final Set<Way> cut = new HashSet<>();
  private Weather weather = Weather.FINE;

  SimBus(VirtualTime time, Trace trace) {
    this.time = time;
    this.trace = trace;
  }

  void weather(Weather now) {
    weather = now;
  }

  /** Nothing passes between the two from now on. */
  void cut(SimProcess one, SimProcess other) {
    cut.add(new Way(one, other));
    cut.add(new Way(other, one));
  }

  void mend(SimProcess one, SimProcess other) {
    cut.remove(new Way(one, other));
    cut.remove(new Way(other, one));
  }

  EventBus eventBusOf(SimProcess process) {
    return SimProcess.proxy(EventBus.class, "event bus", (proxy, method, args) -> {
      switch (method.getName()) {
        case "send":
          send(process, (String) args[0], (BusMessage) args[1]);
          return proxy;
        case "consumer":
          return consumer(process, (String) args[0]);
        default:
          throw new UnsupportedOperationException("eventBus." + method.getName());
      }
    });
  }

  private Object consumer(SimProcess process, String address) {
    return SimProcess.proxy(
        MessageConsumer.class, "consumer", (proxy, method, args) -> switch (method.getName()) {
          case "handler" -> {
            @SuppressWarnings("unchecked")
            Handler<Message<BusMessage>> handler = (Handler<Message<BusMessage>>) args[0];
            byAddress.put(address, new Endpoint(process, time.current(), handler));
            yield proxy;
          }
          case "completion" -> Future.succeededFuture();
          case "unregister" -> {
            byAddress.remove(address);
            yield Future.succeededFuture();
          }
          default -> throw new UnsupportedOperationException("consumer." + method.getName());
        });
  }

  private void send(SimProcess from, String address, BusMessage message) {
    Endpoint to = byAddress.get(address);
    if (to == null) {
      return;
    }
    BusMessage onWire = codec.transform(message);
    if (to.process == from) {
      arrive(to, onWire);
      return;
    }
    Way way = new Way(from, to.process);
    if (cut.contains(way)) {
      return;
    }
    if (time.chance(weather.lost)) {
      trace.note(() -> "bus loses " + from.name() + " -> " + address + " " + brief(onWire));
      return;
    }
    if (time.chance(weather.doubled)) {
      trace.note(() -> "bus doubles " + from.name() + " -> " + address + " " + brief(onWire));
      time.after(time.micros(100, 80_000), () -> arrive(to, onWire));
    }
    if (time.chance(weather.late)) {
      long by = time.micros(1_000, time.chance(VERY_LATE) ? 4_500_000 : 400_000);
      trace.note(() -> "bus delays " + from.name() + " -> " + address + " " + brief(onWire));
      time.after(by, () -> arrive(to, onWire));
      return;
    }
    long at = Math.max(lastArrival.getOrDefault(way, 0L), time.nanos() + time.micros(80, 1_200));
    lastArrival.put(way, at);
    time.after(at - time.nanos(), () -> arrive(to, onWire));
  }

  private static String brief(BusMessage message) {
    String text = message.toString();
    return text.length() > 160 ? text.substring(0, 160) + "…" : text;
  }

  private void arrive(Endpoint to, BusMessage message) {
    if (to.process.isDead()) {
      return;
    }
    @SuppressWarnings("unchecked")
    Message<BusMessage> carried =
        SimProcess.proxy(Message.class, "message", (proxy, method, args) -> {
          if (method.getName().equals("body")) {
            return message;
          }
          throw new UnsupportedOperationException("message." + method.getName());
        });
    to.loop.run(() -> to.handler.handle(carried));
  }
}
