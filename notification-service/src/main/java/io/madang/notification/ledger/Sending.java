package io.madang.notification.ledger;

import java.util.List;

/** What became of telling users something. */
public sealed interface Sending {

  /** Now or by an earlier command with this id: one entry per user who has not muted the type. */
  record Sent(List<Entry> entries) implements Sending {
    public Sent {
      entries = List.copyOf(entries);
    }
  }

  /** The sender has used the command id with other arguments. */
  record Conflict() implements Sending {}
}
