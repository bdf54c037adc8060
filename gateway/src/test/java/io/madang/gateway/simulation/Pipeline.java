package io.madang.gateway.simulation;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one client gives over one link about one topic, without waiting for answers: the store must have come to each, the first
 * time, behind those that were given before it. That can be told of what was answered to the first asking; whoever asks again
 * gives up the place.
 */
final class Pipeline {
  private record Came(String command, long order) {}

  /** When the store came to what was answered, by the place at which it was given. */
  private final TreeMap<Long, Came> answered = new TreeMap<>();

  private long lastPlace;
  private int unanswered;

  /** A command is given: its place. */
  long give() {
    unanswered++;
    return ++lastPlace;
  }

  /** Whether others wait for their answer. */
  boolean isUnderWay() {
    return unanswered > 0;
  }

  /** A command was answered in whatever way, and says nothing about the order. */
  void ended() {
    unanswered--;
  }

  /**
   * A command was answered to the first asking.
   *
   * @param order of the commands in which the store came to each first
   * @return what is wrong about that
   */
  Optional<String> ended(long place, String command, long order) {
    ended();
    Map.Entry<Long, Came> before = answered.lowerEntry(place);
    Map.Entry<Long, Came> behind = answered.higherEntry(place);
    answered.put(place, new Came(command, order));
    if (before != null && before.getValue().order() > order) {
      return Optional.of(command + " was done before " + before.getValue().command());
    }
    if (behind != null && behind.getValue().order() < order) {
      return Optional.of(behind.getValue().command() + " was done before " + command);
    }
    return Optional.empty();
  }
}
