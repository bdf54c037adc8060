package io.madang.runtime.descriptor;

import java.util.Optional;

/**
 * One prefix of topics.
 *
 * @param prefix of the topics' names; owned by one service of the mesh
 * @param history what the owner can still tell of the past
 * @param pressure what a slow reader gets
 * @param guard prefix of the topic with the same id whose owner decides who may hear this one
 * @param publishedBy the owner's command that stands for what a client publishes here, at doors that know publishing; without
 *     one no client may
 */
public record TopicDescriptor(
    String prefix,
    History history,
    Pressure pressure,
    Optional<String> guard,
    Optional<String> publishedBy) {

  /** What the owner keeps. */
  public enum History {
    /** Nothing: a reader that missed something gets a snapshot. */
    NONE,
    /** The newest part. */
    WINDOW,
    /** Everything. */
    ALL
  }

  /** What happens when a reader cannot keep up. */
  public enum Pressure {
    /** It is fed from history later. */
    CATCH_UP,
    /** It gets the newest of each key. */
    CONFLATE,
    /** It misses something. */
    DROP
  }

  public static TopicDescriptor of(String prefix, History history, Pressure pressure) {
    return new TopicDescriptor(prefix, history, pressure, Optional.empty(), Optional.empty());
  }

  public TopicDescriptor guardedBy(String guardPrefix) {
    return new TopicDescriptor(prefix, history, pressure, Optional.of(guardPrefix), publishedBy);
  }

  /** Clients may publish, which is this command about the topic. */
  public TopicDescriptor publishedThrough(String command) {
    return new TopicDescriptor(prefix, history, pressure, guard, Optional.of(command));
  }
}
