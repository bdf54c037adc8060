package io.madang.gateway.identity.postgres;

import io.madang.gateway.identity.token.SigningKey;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;

/** The keys all gateways sign and verify with. */
public final class SigningKeys {
  private final Statements statements;

  public SigningKeys(Pool pool) {
    this.statements = new Statements(pool);
  }

  public Future<List<SigningKey>> load() {
    return statements
        .run("SELECT kid, public, private, signs_from FROM identity.signing_key", Tuple.tuple())
        .map(rows -> StreamSupport.stream(rows.spliterator(), false)
            .map(SigningKeys::key)
            .toList());
  }

  /**
   * Adds a key, unless one is there that began after {@code youngAfter}; of gateways that ask at once, one succeeds.
   *
   * @param key its {@code signsFrom} counts when it is the very first
   * @param later when it signs otherwise, so that every gateway has seen it by then
   * @return whether it was added
   */
  public Future<Boolean> add(SigningKey key, Instant youngAfter, Instant later) {
    return statements
        .one(
            "SELECT identity.add_signing_key($1, $2, $3, $4, $5, $6)",
            Tuple.of(
                key.kid(),
                Buffer.buffer(key.publicKey().getEncoded()),
                Buffer.buffer(key.privateKey().getEncoded()),
                Statements.time(key.signsFrom()),
                Statements.time(youngAfter),
                Statements.time(later)))
        .map(row -> row.getBoolean(0));
  }

  private static SigningKey key(Row row) {
    return SigningKey.of(
        row.getString("kid"),
        row.getBuffer("public").getBytes(),
        row.getBuffer("private").getBytes(),
        row.getOffsetDateTime("signs_from").toInstant());
  }
}
