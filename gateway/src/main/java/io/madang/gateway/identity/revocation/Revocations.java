package io.madang.gateway.identity.revocation;

import io.madang.gateway.identity.Principal;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one gateway knows of the log of revocations: reads it every {@link #POLL_EVERY}, hears from the other gateways sooner, and
 * tells the event loops. Everything below is touched on {@code home} only; {@link #revoke} and {@link #heard} may be called
 * anywhere.
 *
 * <p>While the log is away what is known goes on to count, here and on every loop, and what is revoked meanwhile waits to be
 * written. A log that lost its end is written again from what is known.
 */
public final class Revocations implements Revoker {
  private static final Logger LOG = LoggerFactory.getLogger(Revocations.class);

  /** How long a revocation stays unheard when the word of the gateway that made it is lost. */
  public static final Duration POLL_EVERY = Duration.ofSeconds(1);

  /** Time for the first look, which a start waits for; a log that is away must not keep people out. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(3);

  private final Vertx vertx;
  private final Context home;
  private final Clock clock;
  private final int capacity;
  private final RevocationLog log;
  private final Consumer<Payload> neighbours;
  private final RevocationCopy copy;
  private final List<Listener> listeners = new ArrayList<>();

  /** Revoked here and not in the log yet; the first make room beyond {@code capacity}. */
  private final List<Revocation> unwritten = new ArrayList<>();

  /** Up to where the log was read. */
  private String place = RevocationLog.BEGINNING;

  /** Whether a look at the log is under way. */
  private boolean looking;

  /** Whether the last look failed, so that it is told once. */
  private boolean away;

  /** What was known when the start was over, so that no loop begins with less; set once. */
  private volatile List<Revocation> atStart = List.of();

  private long timer = -1;

  /**
   * Bounds of the log.
   *
   * @param held how many revocations are kept in memory, once here and once per event loop
   * @param kept what is revoked has ended by itself after so long
   */
  public record Limits(int held, Duration kept) {}

  private record Listener(Context loop, LoopRevocations revocations) {}

  /**
   * @param home the one context this is touched on
   * @param capacity how many revocations are kept in memory, once here and once per event loop
   * @param neighbours told at once what was revoked here
   */
  public Revocations(
      Vertx vertx,
      Context home,
      Clock clock,
      int capacity,
      RevocationLog log,
      Consumer<Payload> neighbours) {
    this.vertx = vertx;
    this.home = home;
    this.clock = clock;
    this.capacity = capacity;
    this.log = log;
    this.neighbours = neighbours;
    this.copy = new RevocationCopy(capacity);
  }

  /** Reads the log once, if it is there, and then again and again. */
  public Future<Void> start() {
    Promise<Void> looked = Promise.promise();
    home.runOnContext(turn -> {
      timer = vertx.setPeriodic(POLL_EVERY.toMillis(), tick -> look());
      look()
          .onComplete(done -> home.runOnContext(known -> {
            atStart = copy.all();
            looked.tryComplete();
          }));
      vertx.setTimer(FIRST_LOOK.toMillis(), late -> looked.tryComplete());
    });
    return looked.future();
  }

  public void stop() {
    home.runOnContext(turn -> vertx.cancelTimer(timer));
  }

  /**
   * The copy for the event loop that calls, with what was known at the start; the rest follows at once.
   *
   * @param cut ends what lives on that loop of the principals that the predicate tells
   */
  public LoopRevocations forThisLoop(Consumer<Predicate<Principal>> cut) {
    LoopRevocations ofLoop = new LoopRevocations(capacity, cut);
    ofLoop.take(atStart, clock.instant());
    Listener listener = new Listener(vertx.getOrCreateContext(), ofLoop);
    home.runOnContext(turn -> {
      listeners.add(listener);
      tell(listener, copy.all());
    });
    return ofLoop;
  }

  @Override
  public void revoke(List<Revocation> revocations) {
    home.runOnContext(turn -> {
      take(revocations);
      neighbours.accept(RevocationJson.write(revocations));
      revocations.forEach(this::toBeWritten);
      look();
    });
  }

  /** Another gateway said this. */
  public void heard(Payload news) {
    List<Revocation> revocations = RevocationJson.read(news);
    home.runOnContext(turn -> take(revocations));
  }

  private void toBeWritten(Revocation revocation) {
    if (unwritten.size() >= capacity) {
      unwritten.remove(0);
    }
    unwritten.add(revocation);
  }

  private void take(List<Revocation> revocations) {
    List<Revocation> news = revocations.stream()
        .filter(revocation -> copy.add(revocation, clock.instant()))
        .toList();
    if (!news.isEmpty()) {
      listeners.forEach(listener -> tell(listener, news));
    }
  }

  private void tell(Listener listener, List<Revocation> news) {
    listener.loop().runOnContext(turn -> listener.revocations().take(news, clock.instant()));
  }

  /** Writes what waits, then reads on; one look at a time, as the next comes within a second. */
  private Future<Void> look() {
    if (looking) {
      return Future.succeededFuture();
    }
    looking = true;
    copy.forgetEnded(clock.instant());
    Future<Void> looked = write().compose(written -> read());
    // Answers of a store may come on its own context.
    looked.onComplete(done -> home.runOnContext(turn -> {
      looking = false;
      tellWhetherAway(done.cause());
    }));
    return looked;
  }

  private Future<Void> write() {
    if (unwritten.isEmpty()) {
      return Future.succeededFuture();
    }
    List<Revocation> batch = List.copyOf(unwritten);
    return log.append(batch)
        .compose(appended -> onHome(() -> {
          unwritten.removeAll(batch);
          return Future.succeededFuture();
        }));
  }

  private Future<Void> read() {
    return log.after(place).compose(page -> onHome(() -> onPage(page)));
  }

  private Future<Void> onPage(RevocationLog.Page page) {
    if (page.lost()) {
      LOG.warn("The log of revocations was lost; writing down again what is known here");
      copy.all().forEach(this::toBeWritten);
      place = RevocationLog.BEGINNING;
      return write().compose(written -> onHome(this::read));
    }
    place = page.reached();
    take(page.revocations());
    return page.whole() ? Future.succeededFuture() : read();
  }

  private Future<Void> onHome(Supplier<Future<Void>> step) {
    Promise<Void> done = Promise.promise();
    home.runOnContext(turn -> step.get().onComplete(done));
    return done.future();
  }

  private void tellWhetherAway(Throwable failure) {
    if (failure != null && !away) {
      LOG.warn(
          "The log of revocations cannot be reached; what is known counts on: {}",
          failure.getMessage());
    } else if (failure == null && away) {
      LOG.info("The log of revocations is reached again");
    }
    away = failure != null;
  }
}
