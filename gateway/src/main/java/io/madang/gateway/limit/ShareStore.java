package io.madang.gateway.limit;

import io.vertx.core.Future;

/** Where all gateways keep what each user may still ask; answers arrive on the event loop that asked. */
public interface ShareStore {

  /**
   * What was drawn.
   *
   * @param granted requests the drawer may let through without asking again; 0 when there is nothing
   * @param waitMs when nothing was granted: how long until there is something
   */
  record Drawn(int granted, long waitMs) {}

  /** Whether it is worth asking; from memory. */
  boolean isUp();

  /**
   * Tells what was let through without a share, and draws a new one; one step for all who draw for this user.
   *
   * @param owed requests let through already, taken off whatever is left
   * @param wanted requests the share should be good for
   * @return fails when the store is away; what became of it is then unknown
   */
  Future<Drawn> draw(String user, int owed, int wanted);

  /** There is none: each event loop counts alone. */
  static ShareStore none() {
    return new ShareStore() {
      @Override
      public boolean isUp() {
        return false;
      }

      @Override
      public Future<Drawn> draw(String user, int owed, int wanted) {
        return Future.failedFuture("there is no store of shares");
      }
    };
  }
}
