package io.madang.gateway.identity.postgres;

import io.madang.gateway.identity.account.AccountName;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Accounts and guests, and the names they hold: a name is held by one of them at a time, whichever kind. */
public final class Accounts {
  private final Statements statements;

  public Accounts(Pool pool) {
    this.statements = new Statements(pool);
  }

  /**
   * Makes an account for good.
   *
   * @param password encoded hash
   * @param holder a guest who asks for this, and may give up the name to it; empty when there is none
   * @return false when somebody else has the name
   */
  public Future<Boolean> create(
      String id, AccountName name, String password, Instant now, Optional<String> holder) {
    return insert(id, name, password, now, null, holder);
  }

  /** Makes a guest, whose name is free again at {@code until}; false when somebody has the name. */
  public Future<Boolean> createGuest(String id, AccountName name, Instant now, Instant until) {
    return insert(id, name, null, now, until, Optional.empty());
  }

  private Future<Boolean> insert(
      String id,
      AccountName name,
      String password,
      Instant now,
      Instant until,
      Optional<String> holder) {
    return statements
        .one(
            "SELECT identity.create_account($1, $2, $3, $4, $5, $6, $7)",
            Tuple.of(id, name.text(), name.key(), password)
                .addValue(Statements.time(now))
                .addValue(until == null ? null : Statements.time(until))
                .addValue(holder.orElse(null)))
        .map(row -> row.getBoolean(0));
  }

  /** Whoever holds the name now, guests that have expired left out. */
  public Future<Optional<Account>> find(AccountName name, Instant now) {
    return find(name.key(), "", now);
  }

  /** By name or id, guests that have expired left out. */
  public Future<Optional<Account>> find(String key, String id, Instant now) {
    return one(
        "SELECT id, name, roles, password FROM identity.account"
            + " WHERE (name_key = $1 OR id = $2) AND (expires_at IS NULL OR expires_at > $3)",
        Tuple.of(key, id, Statements.time(now)));
  }

  /** Adds a role to an account, not to a guest; empty when there is no such account. */
  public Future<Optional<Account>> grant(String key, String id, String role) {
    return changeRoles("array_append(array_remove(roles, $3), $3)", key, id, role);
  }

  /** Takes a role from an account; as {@link #grant}. */
  public Future<Optional<Account>> take(String key, String id, String role) {
    return changeRoles("array_remove(roles, $3)", key, id, role);
  }

  private Future<Optional<Account>> changeRoles(String roles, String key, String id, String role) {
    return one(
        "UPDATE identity.account SET roles = " + roles
            + " WHERE (name_key = $1 OR id = $2) AND expires_at IS NULL"
            + " RETURNING id, name, roles, password",
        Tuple.of(key, id, role));
  }

  private Future<Optional<Account>> one(String sql, Tuple parameters) {
    return statements
        .run(sql, parameters)
        .map(rows -> rows.size() == 0
            ? Optional.empty()
            : Optional.of(account(rows.iterator().next())));
  }

  /** Puts a stronger hash of the same password in the place of {@code old}; nothing when that has changed meanwhile. */
  public Future<Void> strengthen(String id, String old, String stronger) {
    return statements
        .run(
            "UPDATE identity.account SET password = $3 WHERE id = $1 AND password = $2",
            Tuple.of(id, old, stronger))
        .mapEmpty();
  }

  private static Account account(Row row) {
    return new Account(
        row.getString("id"),
        row.getString("name"),
        Set.of(row.getArrayOfStrings("roles")),
        Optional.ofNullable(row.getString("password")));
  }
}
