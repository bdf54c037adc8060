package io.madang.gateway.simulation;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One process of the simulated mesh. It lends the product a Vert.x that has what the engine uses of it (loops, timers, the event
 * bus, verticles), on virtual time; whatever else is called fails, so that nothing gets past the clock unseen.
 */
final class SimProcess {
  private final String name;
  private final VirtualTime time;
  private final List<SimLoop> loops = new ArrayList<>();
  private final Map<SimLoop, ContextInternal> contexts = new HashMap<>();
  private final VertxInternal vertx;

  /** Timers that were set and neither fired nor cancelled. */
  private final Set<Long> timers = new HashSet<>();

  private long lastTimer;
  private boolean dead;
  private boolean frozen;

  SimProcess(String name, VirtualTime time, SimBus bus) {
    this.name = name;
    this.time = time;
    EventBus eventBus = bus.eventBusOf(this);
    this.vertx =
        proxy(VertxInternal.class, "vertx", (proxy, method, args) -> switch (method.getName()) {
          case "getOrCreateContext" -> currentContext();
          case "createEventLoopContext" -> contexts.get(newLoop("loop" + loops.size()));
          case "setTimer" -> setTimer((long) args[0], handler(args[1]), false);
          case "setPeriodic" -> setTimer((long) args[0], handler(args[args.length - 1]), true);
          case "cancelTimer" -> timers.remove((long) args[0]);
          case "eventBus" -> eventBus;
          case "deployVerticle" -> deploy((Deployable) args[0]);
          default -> throw new UnsupportedOperationException("vertx." + method.getName());
        });
  }

  /** An object that does what {@code handler} does, and is itself only. */
  static <T> T proxy(Class<T> type, String name, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
          switch (method.getName()) {
            case "hashCode":
              return System.identityHashCode(proxy);
            case "equals":
              return proxy == args[0];
            case "toString":
              return name;
            default:
          }
          try {
            return handler.invoke(proxy, method, args);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        }));
  }

  @SuppressWarnings("unchecked")
  private static <T> Handler<T> handler(Object argument) {
    return (Handler<T>) argument;
  }

  String name() {
    return name;
  }

  VertxInternal vertx() {
    return vertx;
  }

  SimLoop newLoop(String loopName) {
    SimLoop loop = new SimLoop(this, loopName, time);
    loops.add(loop);
    ContextInternal context = proxy(
        ContextInternal.class, loop.toString(), (proxy, method, args) -> switch (method.getName()) {
          case "runOnContext" -> {
            Handler<Void> action = handler(args[0]);
            loop.run(() -> action.handle(null));
            yield null;
          }
          case "owner" -> vertx;
          default -> throw new UnsupportedOperationException("context." + method.getName());
        });
    contexts.put(loop, context);
    return loop;
  }

  private ContextInternal currentContext() {
    SimLoop current = time.current();
    if (current == null || current.process != this) {
      throw new IllegalStateException("nobody of " + name + " runs");
    }
    return contexts.get(current);
  }

  private long setTimer(long millis, Handler<Long> handler, boolean again) {
    long id = ++lastTimer;
    timers.add(id);
    arm(id, millis, time.current(), handler, again);
    return id;
  }

  private void arm(long id, long millis, SimLoop loop, Handler<Long> handler, boolean again) {
    time.afterMillis(millis, () -> {
      if (!dead && timers.contains(id)) {
        loop.run(() -> fire(id, millis, loop, handler, again));
      }
    });
  }

  private void fire(long id, long millis, SimLoop loop, Handler<Long> handler, boolean again) {
    if (!timers.contains(id)) {
      return;
    }
    if (again) {
      arm(id, millis, loop, handler, true);
    } else {
      timers.remove(id);
    }
    handler.handle(id);
  }

  private Future<String> deploy(Deployable verticle) {
    SimLoop loop = newLoop("verticle" + loops.size());
    Promise<String> promise = Promise.promise();
    loop.run(() -> {
      try {
        verticle.deploy(contexts.get(loop)).<String>map(loop.toString()).onComplete(promise);
      } catch (Exception e) {
        promise.fail(e);
      }
    });
    return promise.future();
  }

  boolean runs() {
    return !dead && !frozen;
  }

  boolean isDead() {
    return dead;
  }

  boolean isFrozen() {
    return frozen;
  }

  /** As SIGKILL. */
  void kill() {
    dead = true;
    timers.clear();
  }

  /** As SIGSTOP: what comes waits, and time goes on without it. */
  void freeze() {
    frozen = true;
  }

  /** As SIGCONT. */
  void thaw() {
    frozen = false;
    loops.forEach(time::ready);
  }
}
