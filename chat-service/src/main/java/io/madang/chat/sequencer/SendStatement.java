package io.madang.chat.sequencer;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.madang.chat.log.LogEntry;
import io.madang.chat.log.StoredJson;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The call of {@code chat.send} for a group, arguments column by column. */
final class SendStatement {
  private static final String SQL =
      "select item, status, epoch, pos, at, mentions, facts::text as facts, entry::text as entry"
          + " from chat.send($1, $2, $3, $4, $5, $6, $7, $8, $9)";

  private SendStatement() {}

  /** The outcomes in the order of the group. */
  static Future<List<SendOutcome>> execute(PgConnection connection, List<Send> group) {
    return connection.preparedQuery(SQL).execute(columns(group)).map(rows -> {
      List<SendOutcome> outcomes = new ArrayList<>(group.size());
      for (Row row : rows) {
        outcomes.add(outcome(group.get((int) (row.getLong("item") - 1)), row));
      }
      if (outcomes.size() != group.size()) {
        throw new IllegalStateException(
            "a group of " + group.size() + " got " + outcomes.size() + " answers");
      }
      return outcomes;
    });
  }

  private static Tuple columns(List<Send> group) {
    int size = group.size();
    String[] rooms = new String[size];
    String[] users = new String[size];
    String[] names = new String[size];
    Short[] marks = new Short[size];
    String[] texts = new String[size];
    String[] words = new String[size];
    String[] commands = new String[size];
    UUID[] keys = new UUID[size];
    Long[] hashes = new Long[size];
    for (int i = 0; i < size; i++) {
      Send send = group.get(i);
      rooms[i] = send.room().value();
      users[i] = send.by().id();
      names[i] = send.by().name();
      marks[i] = send.by().marks();
      texts[i] = send.text();
      words[i] = send.words().orElse(null);
      commands[i] = send.issued().id();
      keys[i] = send.issued().key();
      hashes[i] = send.issued().hash();
    }
    return Tuple.tuple()
        .addArrayOfString(rooms)
        .addArrayOfString(users)
        .addArrayOfString(names)
        .addArrayOfShort(marks)
        .addArrayOfString(texts)
        .addArrayOfString(words)
        .addArrayOfString(commands)
        .addArrayOfUUID(keys)
        .addArrayOfLong(hashes);
  }

  private static SendOutcome outcome(Send send, Row row) {
    String status = row.getString("status");
    if (!status.equals("done")) {
      String facts = row.getString("facts");
      return new SendOutcome.Refused(
          status, facts == null ? MissingNode.getInstance() : StoredJson.tree(facts));
    }
    String epoch = row.getString("epoch");
    String before = row.getString("entry");
    if (before != null) {
      LogEntry entry = StoredJson.entry(before);
      return entry.isLive()
          ? new SendOutcome.Kept(entry, storePart(epoch))
          : new SendOutcome.Refused("gone", MissingNode.getInstance());
    }
    String[] mentions = row.getArrayOfStrings("mentions");
    LogEntry entry = LogEntry.said(
        send.room(),
        epoch.substring(0, epoch.indexOf('.')),
        row.getLong("pos"),
        row.getLong("at"),
        send.by(),
        send.text(),
        mentions == null ? List.of() : List.of(mentions),
        send.issued().id());
    return new SendOutcome.Kept(entry, storePart(epoch));
  }

  private static String storePart(String epoch) {
    return epoch.substring(epoch.indexOf('.') + 1);
  }
}
