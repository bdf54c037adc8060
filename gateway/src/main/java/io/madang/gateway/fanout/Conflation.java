package io.madang.gateway.fanout;

import io.madang.runtime.topic.EventClass;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Leaves out, of what somebody missed, each state whose key has a newer value behind it. */
final class Conflation {
  private Conflation() {}

  /**
   * The publications without those that are replaced by a later one; each follows the one before it.
   *
   * @param from position that the first of them follows
   * @param publications of one topic and epoch, oldest first, all with a position
   */
  static List<Publication> newestOfEachKey(StreamPosition from, List<Publication> publications) {
    Map<String, Long> newest = new HashMap<>();
    for (Publication publication : publications) {
      if (publication.eventClass() == EventClass.STATE) {
        newest.put(publication.key().orElseThrow(), publication.offset());
      }
    }
    List<Publication> kept = new ArrayList<>();
    long before = from.offset();
    for (Publication publication : publications) {
      boolean isReplaced = publication.eventClass() == EventClass.STATE
          && newest.get(publication.key().orElseThrow()) > publication.offset();
      if (!isReplaced) {
        kept.add(publication.previous() > before ? publication.following(before) : publication);
        before = publication.offset();
      }
    }
    return kept;
  }
}
