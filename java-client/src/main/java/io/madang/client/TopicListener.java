package io.madang.client;

import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import java.util.Optional;

/**
 * Hears one topic. Every method is called on the client's thread, one at a time, and must not block: while it does, nothing
 * else is heard and no command answered. What it throws is logged and stops nothing; the publication counts as heard.
 */
public interface TopicListener {

  /**
   * A publication. Those with a place come each once, in the topic's order, across any loss of the connection; those without,
   * such as typing, come when they come and are not repeated.
   */
  void publication(Publication publication);

  /**
   * The topic's state as of {@code position}: at a first subscription from now on, and after a {@link #gap}. What was heard
   * before is replaced by it.
   *
   * @param snapshot empty for a topic that publications alone tell
   */
  default void snapshot(StreamPosition position, Optional<RawJson> snapshot) {}

  /**
   * What came after {@code from}, up to and including {@code to}, is not told any more; a {@link #snapshot} as of {@code to}
   * follows at once. With another epoch in {@code to} the topic began a new life.
   */
  default void gap(StreamPosition from, StreamPosition to) {}

  /**
   * The subscription is over and this is the last call: the mesh refused or ended it, or the client is closed; not called after
   * {@link MadangClient#unsubscribe}.
   *
   * @param reason a word for programs, such as {@code kicked}, or the code of the error
   */
  default void ended(String reason) {}
}
