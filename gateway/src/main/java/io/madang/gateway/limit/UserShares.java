package io.madang.gateway.limit;

import io.madang.gateway.limit.ShareStore.Drawn;
import io.vertx.core.AsyncResult;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How fast one user may ask, over all connections and gateways. Belongs to one event loop; no request ever waits for the store.
 *
 * <p>A loop draws a share of a user's requests from the store, a {@value #SHARES_PER_BURST}th of the burst, and spends it from
 * memory; the next is drawn when half is spent. While a share is under way and nothing is left, requests pass on credit, held
 * by a bucket of the same rate and burst on this loop, and what passed is told as soon as that answer is there, by a draw which
 * grants nothing until it is worked off. So in the long run a user has exactly the rate. At once a user has the burst, plus at most what
 * passes on each loop in one answer's time of the store (never more than the burst again), plus one unspent share for each loop;
 * shares that are not spent within {@value #SHARE_LASTS_MS} ms are lost to the user.
 *
 * <p>While the store is away the loop's own bucket counts alone, so that a user has the rate on each loop. Holds at most {@value
 * #MAX_USERS} users; beyond, the one not seen for longest is forgotten.
 */
public final class UserShares {
  static final int MAX_USERS = 10_000;
  static final int SHARES_PER_BURST = 16;
  static final long SHARE_LASTS_MS = 5_000;

  /** Nobody draws for one user more often than this after getting less than was wanted, which bounds the store's work. */
  static final long PAUSE_MS = 50;

  /** How long a loop counts alone after the store did not answer. */
  static final long ALONE_MS = 1_000;

  /**
   * What one user may.
   *
   * @param perSecond requests in the long run; 0 for as many as one likes
   * @param burst requests at once after a pause, at least 1
   */
  public record Rate(int perSecond, int burst) {
    public boolean isUnlimited() {
      return perSecond == 0;
    }
  }

  private final Rate rate;
  private final int shareSize;
  private final ShareStore store;
  private final LongSupplier clockMs;
  private final Map<String, Share> shares = new LinkedHashMap<>(16, 0.75f, true);

  /** When the store may be asked again, on the clock's time. */
  private long aloneUntilMs = Long.MIN_VALUE;

  public UserShares(Rate rate, ShareStore store, LongSupplier clockMs) {
    this.rate = rate;
    this.shareSize = Math.max(1, rate.burst() / SHARES_PER_BURST);
    this.store = store;
    this.clockMs = clockMs;
  }

  /**
   * One more request of this user.
   *
   * @return 0 if it may pass, else how many milliseconds until one may
   */
  public long take(String user) {
    if (rate.isUnlimited()) {
      return 0;
    }
    long nowMs = clockMs.getAsLong();
    Share share = shares.computeIfAbsent(user, first -> new Share(user, nowMs));
    if (shares.size() > MAX_USERS) {
      Iterator<Share> eldest = shares.values().iterator();
      eldest.next();
      eldest.remove();
    }
    return share.take(nowMs);
  }

  /** One user's. */
  private final class Share {
    private final String user;

    /** Never lets more through than the user may have if nobody else asked for it. */
    private final TokenBucket own;

    /** Requests drawn and not spent. */
    private int held;

    private long heldUntilMs;

    /** Requests let through on credit that the store does not know of yet. */
    private int owed;

    private boolean drawing;

    /** Not to be drawn before. */
    private long drawAgainMs = Long.MIN_VALUE;

    Share(String user, long nowMs) {
      this.user = user;
      this.own = new TokenBucket(rate.perSecond(), rate.burst(), nowMs);
    }

    long take(long nowMs) {
      boolean alone = !store.isUp() || nowMs < aloneUntilMs;
      if (nowMs >= heldUntilMs) {
        held = 0;
      }
      if (!alone && held == 0 && nowMs < drawAgainMs) {
        return drawAgainMs - nowMs;
      }
      long waitMs = own.take(nowMs);
      if (waitMs > 0 || alone) {
        return waitMs;
      }
      if (held > 0) {
        held--;
      } else {
        owed++;
      }
      if (held <= shareSize / 2 && !drawing && nowMs >= drawAgainMs) {
        draw();
      }
      return 0;
    }

    private void draw() {
      drawing = true;
      int told = owed;
      store.draw(user, told, shareSize).onComplete(drawn -> onDrawn(told, drawn));
    }

    private void onDrawn(int told, AsyncResult<Drawn> drawn) {
      long nowMs = clockMs.getAsLong();
      drawing = false;
      if (drawn.failed()) {
        aloneUntilMs = nowMs + ALONE_MS;
        // Whether it was taken off is unknown; telling it again could take it off twice.
        owed = 0;
        return;
      }
      int granted = drawn.result().granted();
      held += granted;
      heldUntilMs = nowMs + SHARE_LASTS_MS;
      int paid = Math.min(held, owed - told);
      held -= paid;
      owed -= told + paid;
      if (granted < shareSize) {
        drawAgainMs = nowMs + Math.max(PAUSE_MS, drawn.result().waitMs());
      }
      if (owed > 0) {
        // This loop may never be asked again, and others are to count it.
        draw();
      }
    }
  }
}
