package io.madang.distribution.console;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks to stop: Ctrl-C (SIGINT), SIGTERM and the terminal's end (SIGHUP). The first asks for an orderly stop, each further one
 * means that somebody will not wait.
 *
 * <p>The JVM's own answer to these signals, shutdown hooks in no order and an exit value above 128, is replaced: whoever
 * installs this must act on it. Hooks are called on a thread of the signal; everything here may be called from any thread.
 */
public final class StopSignals {
  private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

  private final CountDownLatch asked = new CountDownLatch(1);

  /** What to do at the first one. Guarded by this. */
  private Runnable atFirst = () -> {};

  /** What to do at each further one. Guarded by this. */
  private Runnable atFurther = () -> {};

  private StopSignals() {}

  /** Hears no signal, only {@link #ask}. */
  static StopSignals none() {
    return new StopSignals();
  }

  /** Hears SIGINT, SIGTERM and SIGHUP from now on. */
  public static StopSignals install() {
    StopSignals signals = new StopSignals();
    for (String name : new String[] {"INT", "TERM", "HUP"}) {
      handle(name, signals::ask);
    }
    return signals;
  }

  /**
   * For a process that another one starts and stops: SIGTERM counts, SIGINT and SIGHUP do not. Ctrl-C reaches the starter as
   * well, and who decides the order must be one.
   */
  public static StopSignals installSupervised() {
    StopSignals signals = new StopSignals();
    handle("TERM", signals::ask);
    handle("INT", () -> {});
    handle("HUP", () -> {});
    return signals;
  }

  /** As a signal would. */
  public void ask() {
    Runnable todo;
    synchronized (this) {
      todo = asked.getCount() > 0 ? atFirst : atFurther;
      asked.countDown();
    }
    todo.run();
  }

  /** Replaces what the first one does; called at once on this thread when it came already. */
  public void onFirst(Runnable action) {
    boolean late;
    synchronized (this) {
      atFirst = action;
      late = isAsked();
    }
    if (late) {
      action.run();
    }
  }

  /** Replaces what each further one does. */
  public synchronized void onFurther(Runnable action) {
    atFurther = action;
  }

  public boolean isAsked() {
    return asked.getCount() == 0;
  }

  public void await() throws InterruptedException {
    asked.await();
  }

  /** Whether the first one came within the time. */
  public boolean await(Duration limit) throws InterruptedException {
    return asked.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * {@code sun.misc.Signal} is the only door to a signal, and its name is an unavoidable compiler warning; hence by reflection.
   * A JVM without it keeps its own answer to the signal.
   */
  private static void handle(String name, Runnable action) {
    try {
      Class<?> signalType = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Constructor<?> signal = signalType.getConstructor(String.class);
      Method handle = signalType.getMethod("handle", signalType, handlerType);
      Object handler = Proxy.newProxyInstance(
          StopSignals.class.getClassLoader(),
          new Class<?>[] {handlerType},
          (self, method, arguments) -> {
            if (method.getName().equals("handle")) {
              action.run();
              return null;
            }
            return answerOfObject(self, method, arguments);
          });
      handle.invoke(null, signal.newInstance(name), handler);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      Throwable reason = e instanceof InvocationTargetException wrapped ? wrapped.getCause() : e;
      LOG.debug("SIG{} keeps the JVM's own answer: {}", name, reason.toString());
    }
  }

  private static Object answerOfObject(Object self, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> "handler of a stop signal";
    };
  }
}
