package io.madang.chat.sequencer;

import io.madang.chat.asker.Actor;
import io.madang.chat.asker.Issued;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;

/**
 * One call of a function of the schema that answers {@code chat.outcome}.
 *
 * @param sql the whole statement
 * @param arguments in the order of the function
 */
public record StoreCall(String sql, Tuple arguments) {
  private static final String SELECT =
      "select status, facts::text, entries::text, chat.store() as store from chat.";

  /** Actor and issued as the schema's types, from the first seven arguments. */
  private static final String WHO =
      "row($1::text, $2::text, $3::smallint, $4::boolean)::chat.actor,"
          + " row($5::text, $6::uuid, $7::bigint)::chat.issued";

  private static final int WHO_ARGUMENTS = 7;

  /** Calls {@code function(actor, issued, rest…)}. */
  public static StoreCall recorded(String function, Actor by, Issued issued, Object... rest) {
    Tuple arguments = Tuple.of(
            by.id(), by.name(), by.marks(), by.power(), issued.id(), issued.key())
        .addLong(issued.hash());
    StringBuilder sql = new StringBuilder(SELECT).append(function).append('(').append(WHO);
    for (int i = 0; i < rest.length; i++) {
      arguments.addValue(rest[i]);
      sql.append(", $").append(WHO_ARGUMENTS + 1 + i);
    }
    return new StoreCall(sql.append(')').toString(), arguments);
  }

  /** Calls {@code function(arguments…)}. */
  public static StoreCall plain(String function, Object... arguments) {
    StringBuilder sql = new StringBuilder(SELECT).append(function).append('(');
    Tuple tuple = Tuple.tuple();
    for (int i = 0; i < arguments.length; i++) {
      tuple.addValue(arguments[i]);
      sql.append(i == 0 ? "$" : ", $").append(i + 1);
    }
    return new StoreCall(sql.append(')').toString(), tuple);
  }

  /** Makes the call, outside any lane: for what is in no order with anything. */
  public Future<Outcome> on(SqlClient client) {
    return client
        .preparedQuery(sql)
        .execute(arguments)
        .map(rows -> Outcome.of(rows.iterator().next()));
  }
}
