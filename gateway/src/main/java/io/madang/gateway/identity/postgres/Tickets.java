package io.madang.gateway.identity.postgres;

import io.madang.gateway.identity.Principal;
import io.madang.gateway.identity.token.OpaqueToken;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Tickets: any gateway may make one, any gateway redeems it, and it is redeemed once. */
public final class Tickets {
  private final Statements statements;

  public Tickets(Pool pool) {
    this.statements = new Statements(pool);
  }

  public Future<Void> keep(OpaqueToken ticket, Principal principal, Instant until) {
    return statements
        .run(
            "INSERT INTO identity.ticket"
                + " (hash, user_id, name, roles, guest, session_id, principal_until, expires_at, issued_at)"
                + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            Tuple.tuple()
                .addValue(Buffer.buffer(ticket.secretHash()))
                .addValue(principal.userId())
                .addValue(principal.name())
                .addValue(principal.roles().toArray(String[]::new))
                .addValue(principal.guest())
                .addValue(principal.session())
                .addValue(Statements.time(principal.expiresAt()))
                .addValue(Statements.time(until))
                .addValue(Statements.time(principal.issuedAt())))
        .mapEmpty();
  }

  /** Uses a ticket up. Empty when it is unknown, was used, or has waited too long. */
  public Future<Optional<Principal>> redeem(OpaqueToken ticket, Instant now) {
    return statements
        .run(
            "DELETE FROM identity.ticket WHERE hash = $1"
                + " RETURNING user_id, name, roles, guest, session_id, principal_until, issued_at,"
                + " expires_at > $2 AS good",
            Tuple.of(Buffer.buffer(ticket.secretHash()), Statements.time(now)))
        .map(rows ->
            rows.size() == 0 ? Optional.empty() : principal(rows.iterator().next()));
  }

  private static Optional<Principal> principal(Row row) {
    if (!row.getBoolean("good")) {
      return Optional.empty();
    }
    return Optional.of(new Principal(
        row.getString("user_id"),
        row.getString("name"),
        Set.of(row.getArrayOfStrings("roles")),
        row.getBoolean("guest"),
        row.getOffsetDateTime("principal_until").toInstant(),
        row.getString("session_id"),
        row.getOffsetDateTime("issued_at").toInstant()));
  }
}
