package io.madang.chat.sequencer;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.chat.log.LogEntry;
import io.madang.chat.log.StoredJson;
import io.madang.runtime.topic.Publication;
import io.vertx.sqlclient.Row;
import java.util.List;

/**
 * What became of a call that answers {@code chat.outcome}.
 *
 * @param status {@code done}, or why not
 * @param facts what the reply is made of
 * @param entries what to publish, in order
 * @param store the store's part of epochs
 */
public record Outcome(String status, JsonNode facts, List<LogEntry> entries, String store) {
  private static final String DONE = "done";

  static Outcome of(Row row) {
    return new Outcome(
        row.getString("status"),
        StoredJson.tree(row.getString("facts")),
        StoredJson.entries(row.getString("entries")),
        row.getString("store"));
  }

  public boolean isDone() {
    return status.equals(DONE);
  }

  /** Of topics that are over nothing is published. */
  public List<Publication> publications() {
    return entries.stream()
        .filter(LogEntry::isLive)
        .map(entry -> entry.toPublication(store))
        .toList();
  }
}
