package io.madang.runtime.inspect;

import io.madang.runtime.topic.Topic;
import java.util.List;
import java.util.Optional;

/**
 * What a node is asked of itself. All of it is told in any case but topics, of which a gateway may have very many.
 *
 * @param topics only these; when empty, those that {@code prefix} lets through
 * @param prefix only topics of this prefix; absent: of every prefix
 * @param top topics that are told at most, 0 to {@value #MAX_TOP}; how many are left out is told as well
 */
public record Inspection(List<Topic> topics, Optional<String> prefix, int top) {
  public static final int MAX_TOP = 200;
  public static final int DEFAULT_TOP = 20;

  public Inspection {
    topics = List.copyOf(topics);
    if (top < 0 || top > MAX_TOP || topics.size() > MAX_TOP) {
      throw new IllegalArgumentException("0 to " + MAX_TOP + " topics can be told");
    }
  }

  /** Of every topic the first ones. */
  public static Inspection ofTop(int top) {
    return new Inspection(List.of(), Optional.empty(), top);
  }

  public Inspection ofPrefix(String only) {
    return new Inspection(topics, Optional.of(only), top);
  }

  /** The same question about topics by name. */
  public Inspection about(List<Topic> names) {
    return new Inspection(names, Optional.empty(), names.size());
  }

  public boolean isAbout(Topic topic) {
    return topics.isEmpty()
        ? prefix.map(topic.prefix()::equals).orElse(true)
        : topics.contains(topic);
  }
}
