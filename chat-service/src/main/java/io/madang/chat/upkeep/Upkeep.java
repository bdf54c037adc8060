package io.madang.chat.upkeep;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes ids of old commands and the rows of rooms that are gone, a bounded number at a time, each row by one node only.
 * About once a minute, at once again while there was much.
 */
public final class Upkeep {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final long EVERY_MS = 60_000;
  private static final long SOON_MS = 100;
  private static final int BATCH = 2_000;

  /** Files have many parts each. */
  private static final int FILES = 20;

  private static final String SWEEP = "select chat.sweep($1, $2) as swept";

  private final Vertx vertx;
  private final Pool pool;
  private final Duration recordedFor;
  private final IntFunction<Future<Integer>> uploads;

  /** The next round; -1 when none is planned. */
  private long timer = -1;

  private boolean stopped;

  /** @param uploads deletes so many files at most that nobody can ask for any more, and tells how many */
  public Upkeep(
      Vertx vertx, Pool pool, Duration recordedFor, IntFunction<Future<Integer>> uploads) {
    this.uploads = uploads;
    this.vertx = vertx;
    this.pool = pool;
    this.recordedFor = recordedFor;
  }

  public void start() {
    // Nodes that start together do not sweep together.
    plan(ThreadLocalRandom.current().nextLong(EVERY_MS));
  }

  private void plan(long inMs) {
    if (!stopped) {
      timer = vertx.setTimer(
          Math.max(1, inMs),
          id -> round().onComplete(swept -> plan(swept >= BATCH ? SOON_MS : EVERY_MS), failure -> {
            LOG.warn("Nothing was swept: {}", failure.toString());
            plan(EVERY_MS);
          }));
    }
  }

  /** Deletes one batch; how many rows it was. */
  public Future<Integer> round() {
    OffsetDateTime before = OffsetDateTime.now(ZoneOffset.UTC).minus(recordedFor);
    return pool.preparedQuery(SWEEP)
        .execute(Tuple.of(before, BATCH))
        .map(rows -> rows.iterator().next().getInteger("swept"))
        .compose(swept -> uploads.apply(FILES).map(files -> files == FILES ? BATCH : swept));
  }

  public void stop() {
    stopped = true;
    vertx.cancelTimer(timer);
  }
}
