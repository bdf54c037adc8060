package io.madang.notification.ledger;

import io.madang.contracts.notification.Notification;
import io.madang.runtime.topic.StreamPosition;
import java.util.List;

/** What a reader of a topic starts from; all of one moment. */
public sealed interface Head {

  /** Where the topic stands. */
  StreamPosition position();

  /** The asked position is one of this topic's: {@code entries} came right after it, oldest first. */
  record Continued(StreamPosition position, List<Entry> entries) implements Head {
    public Continued {
      entries = List.copyOf(entries);
    }
  }

  /** No position was asked for, or it is not one of this topic's: the newest notifications, newest first. */
  record Fresh(StreamPosition position, int unread, List<Notification> newest) implements Head {
    public Fresh {
      newest = List.copyOf(newest);
    }
  }
}
