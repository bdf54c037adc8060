package io.madang.runtime.service;

import java.util.List;

/**
 * News of one gateway's clients. Comes when something changed, and at least every second as a sign of life even when
 * nothing did; at most one is under way per gateway and service.
 *
 * @param gateway the node whose clients these are; a new incarnation has a new id
 * @param baseVersion the version these changes build on; 0 with {@code arrived} holding everything
 * @param version of the gateway's set with these changes
 * @param arrived what is new
 * @param departed what is gone
 */
public record Observation(
    String gateway,
    long baseVersion,
    long version,
    List<Observed> arrived,
    List<Observed> departed) {

  /**
   * A connection, or a subscription of one.
   *
   * @param connection its id
   * @param user who it belongs to
   * @param name of the user
   * @param guest whether the name is vouched for by nobody
   * @param topic name of the topic subscribed; empty for the connection itself
   */
  public record Observed(String connection, String user, String name, boolean guest, String topic) {
    public boolean isConnection() {
      return topic.isEmpty();
    }
  }

  public Observation {
    arrived = List.copyOf(arrived);
    departed = List.copyOf(departed);
  }

  /** Whether {@code arrived} is the whole set, replacing what was known of the gateway. */
  public boolean isWhole() {
    return baseVersion == 0;
  }
}
