package io.madang.chat.sequencer;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.chat.log.LogEntry;

/** What became of one {@link Send}. */
public sealed interface SendOutcome {

  /**
   * It is in the log, now or since it was first given.
   *
   * @param store the store's part of the epoch
   */
  record Kept(LogEntry entry, String store) implements SendOutcome {}

  /** It is not. */
  record Refused(String status, JsonNode facts) implements SendOutcome {}
}
