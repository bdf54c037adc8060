package io.madang.gateway.edge.sockjs.session;

import io.vertx.core.Context;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The homes of one base's sessions on this node: which of its event loops a session lives on follows from its id, so that every
 * loop finds it and none keeps a list. Safe on any thread: each loop writes its own place once.
 */
public final class Homes {
  private record Place(Context loop, Home sessions) {}

  private final AtomicReferenceArray<Place> places;

  /** @param loops how many will move in */
  public Homes(int loops) {
    this.places = new AtomicReferenceArray<>(loops);
  }

  /** A loop's sessions may be asked from now on. */
  public void movedIn(int number, Context loop, Home sessions) {
    places.set(number, new Place(loop, sessions));
  }

  /** The number of the loop on which a session lives. */
  public int loopOf(String session) {
    return Math.floorMod(session.hashCode(), places.length());
  }

  /**
   * Where a session lives.
   *
   * @param asking the loop that asks
   * @throws IllegalStateException while its loop is not there yet, which is no longer than the node takes to start
   */
  public Home of(String session, Context asking) {
    Place place = places.get(loopOf(session));
    if (place == null) {
      throw new IllegalStateException("not all loops of this node are there yet");
    }
    return place.loop() == asking
        ? place.sessions()
        : new LoopHome(asking, place.loop(), place.sessions());
  }
}
