package io.madang.gateway.edge.relay;

import io.vertx.core.Context;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.ToIntFunction;

/**
 * The homes of one kind of conversation on this node: which of its event loops one lives on follows from its name, so that every
 * loop finds it and none keeps a list. Safe on any thread: each loop writes its own place once.
 */
public final class Homes<Q, M> {
  private record Place<Q, M>(Context loop, Home<Q, M> home) {}

  private final AtomicReferenceArray<Place<Q, M>> places;
  private final ToIntFunction<String> loopOf;

  /**
   * @param loops how many will move in
   * @param loopOf the number of the loop that a name says; any other number is taken for one of them
   */
  public Homes(int loops, ToIntFunction<String> loopOf) {
    this.places = new AtomicReferenceArray<>(loops);
    this.loopOf = loopOf;
  }

  /** Of conversations whose clients name them as they like. */
  public static <Q, M> Homes<Q, M> byHash(int loops) {
    return new Homes<>(loops, String::hashCode);
  }

  /** A loop's conversations may be asked for from now on. */
  public void movedIn(int number, Context loop, Home<Q, M> home) {
    places.set(number, new Place<>(loop, home));
  }

  /** The number of the loop on which a conversation lives. */
  public int loopOf(String name) {
    return Math.floorMod(loopOf.applyAsInt(name), places.length());
  }

  /**
   * Where a conversation lives.
   *
   * @param asking the loop that asks
   * @throws IllegalStateException while its loop is not there yet, which is no longer than the node takes to start
   */
  public Home<Q, M> of(String name, Context asking) {
    Place<Q, M> place = places.get(loopOf(name));
    if (place == null) {
      throw new IllegalStateException("not all loops of this node are there yet");
    }
    return place.loop() == asking
        ? place.home()
        : new LoopHome<>(asking, place.loop(), place.home());
  }
}
