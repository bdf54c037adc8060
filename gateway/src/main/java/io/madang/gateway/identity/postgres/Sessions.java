package io.madang.gateway.identity.postgres;

import io.madang.gateway.identity.token.OpaqueToken;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Sign-ins and their refresh tokens, of which only hashes are kept. */
public final class Sessions {
  /** Refresh tokens of one sign-in that count at once; more than one only after answers were lost. */
  private static final int MAX_LIVE = 4;

  private final Statements statements;

  public Sessions(Pool pool) {
    this.statements = new Statements(pool);
  }

  public Future<Void> open(
      String session, String account, OpaqueToken refresh, Instant now, Instant until) {
    return statements
        .run(
            "INSERT INTO identity.session (id, account_id, family, live, created_at, expires_at)"
                + " VALUES ($1, $2, $3, ARRAY[$4::bytea], $5, $6)",
            Tuple.of(session, account)
                .addValue(buffer(refresh.familyHash()))
                .addValue(buffer(refresh.secretHash()))
                .addValue(Statements.time(now))
                .addValue(Statements.time(until)))
        .mapEmpty();
  }

  /**
   * Spends a refresh token for the next one, and moves the end of the sign-in.
   *
   * @param spentAfter a token spent later than this is taken once more
   * @param accountUntil the new end when the sign-in is an account's
   * @param guestUntil the new end when it is a guest's
   */
  public Future<Rotation> rotate(
      OpaqueToken shown,
      OpaqueToken next,
      Instant now,
      Instant spentAfter,
      Instant accountUntil,
      Instant guestUntil) {
    return statements
        .one(
            "SELECT * FROM identity.rotate_refresh_token($1, $2, $3, $4, $5, $6, $7, $8)",
            Tuple.tuple()
                .addValue(buffer(shown.familyHash()))
                .addValue(buffer(shown.secretHash()))
                .addValue(buffer(next.secretHash()))
                .addValue(Statements.time(now))
                .addValue(Statements.time(spentAfter))
                .addValue(Statements.time(accountUntil))
                .addValue(Statements.time(guestUntil))
                .addValue(MAX_LIVE))
        .map(Sessions::rotation);
  }

  /**
   * Ends a sign-in; nothing when it has ended before. A guest keeps the name until {@code nameUntil}, as access tokens that
   * carry it may live so long.
   *
   * @return the sign-in that was ended, if there was one
   */
  public Future<Optional<String>> end(String session, Instant nameUntil) {
    return close("id = $1", session, nameUntil);
  }

  /** Ends the sign-in that a refresh token belongs to, in the way of {@link #end}. */
  public Future<Optional<String>> end(OpaqueToken refresh, Instant nameUntil) {
    return close("family = $1", buffer(refresh.familyHash()), nameUntil);
  }

  /** Ends every sign-in of a user, whose tickets go too; also those that stand for a token of another issuer. */
  public Future<Void> endAll(String user) {
    return statements
        .run(
            "WITH ended AS (DELETE FROM identity.session WHERE account_id = $1)"
                + " DELETE FROM identity.ticket WHERE user_id = $1",
            Tuple.of(user))
        .mapEmpty();
  }

  private Future<Optional<String>> close(String which, Object value, Instant nameUntil) {
    return statements
        .run(
            "WITH ended AS (DELETE FROM identity.session WHERE "
                + which
                + " RETURNING id, account_id),"
                + " torn AS (DELETE FROM identity.ticket USING ended WHERE ticket.session_id = ended.id),"
                + " freed AS (UPDATE identity.account SET expires_at = least(expires_at, $2) FROM ended"
                + " WHERE account.id = ended.account_id AND account.expires_at IS NOT NULL)"
                + " SELECT id FROM ended",
            Tuple.of(value, Statements.time(nameUntil)))
        .map(rows -> rows.size() == 0
            ? Optional.empty()
            : Optional.of(rows.iterator().next().getString("id")));
  }

  private static Buffer buffer(byte[] bytes) {
    return Buffer.buffer(bytes);
  }

  private static Rotation rotation(Row row) {
    Rotation.Outcome outcome =
        Rotation.Outcome.valueOf(row.getString("outcome").toUpperCase(Locale.ROOT));
    if (outcome == Rotation.Outcome.UNKNOWN) {
      return new Rotation(outcome, null, null, null, Set.of(), false);
    }
    return new Rotation(
        outcome,
        row.getString("session_id"),
        row.getString("user_id"),
        row.getString("user_name"),
        Set.of(row.getArrayOfStrings("user_roles")),
        row.getBoolean("is_guest"));
  }
}
