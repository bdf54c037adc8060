package io.madang.runtime.interest;

import io.madang.runtime.topic.Topic;
import java.util.Collection;

/** One number for a set of topics, whatever their order: equal sets have equal numbers, unequal ones practically never. */
final class TopicHash {
  private TopicHash() {}

  static long of(Collection<Topic> topics) {
    long sum = 0;
    for (Topic topic : topics) {
      sum += of(topic);
    }
    return sum;
  }

  static long of(Topic topic) {
    long hash = 0xcbf29ce484222325L;
    String name = topic.name();
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    hash ^= hash >>> 32;
    hash *= 0x9e3779b97f4a7c15L;
    return hash ^ (hash >>> 29);
  }
}
