package io.madang.gateway.identity.issuer;

import io.madang.gateway.identity.account.AccountName;
import io.madang.gateway.identity.account.RefusedException;
import io.madang.gateway.identity.postgres.Account;
import io.madang.gateway.identity.postgres.Accounts;
import io.madang.gateway.identity.postgres.Sessions;
import io.madang.gateway.identity.revocation.Revocation;
import io.madang.gateway.identity.revocation.Revoker;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What an operator does about people. Safe on any event loop. */
public final class PeopleDesk {
  private final Accounts accounts;
  private final Sessions sessions;
  private final Clock clock;
  private final Revoker revoker;
  private final Duration revokedFor;

  /** @param revokedFor what is revoked has ended by itself after so long */
  public PeopleDesk(Pool pool, Clock clock, Revoker revoker, Duration revokedFor) {
    this.accounts = new Accounts(pool);
    this.sessions = new Sessions(pool);
    this.clock = clock;
    this.revoker = revoker;
    this.revokedFor = revokedFor;
  }

  /**
   * Gives an account a role, which its next token tells; what it had before counts on.
   *
   * @param who name or id
   * @return the account as it is now; empty when there is none, or it is a guest
   */
  public Future<Optional<Account>> grant(String who, String role) {
    return accounts.grant(key(who), who, role);
  }

  /** Takes a role away, and with it every token that tells it; who stays signed in gets one without. As {@link #grant}. */
  public Future<Optional<Account>> take(String who, String role) {
    return accounts
        .take(key(who), who, role)
        .onSuccess(taken -> taken.map(Account::id).ifPresent(this::revoke));
  }

  /**
   * Ends every sign-in of somebody, here and on live connections.
   *
   * @param who name or id; of somebody whom another issuer vouches for, the id
   * @return the id that was shut out; empty when nobody of that name is known
   */
  public Future<Optional<String>> signOut(String who) {
    return accounts.find(key(who), who, clock.instant()).compose(found -> {
      // Whom another issuer vouches for has no account here.
      Optional<String> id =
          found.map(Account::id).or(() -> Optional.of(who).filter(PeopleDesk::isForeign));
      return id.isEmpty()
          ? Future.succeededFuture(id)
          : sessions.endAll(id.get()).onSuccess(ended -> revoke(id.get())).map(ended -> id);
    });
  }

  private static boolean isForeign(String who) {
    return who.startsWith("o_") && who.length() > 2;
  }

  private void revoke(String id) {
    Instant now = clock.instant();
    revoker.revoke(Revocation.ofUser(id, now, now.plus(revokedFor)));
  }

  /** As names are compared; of an id, which no name can be, something that nobody has. */
  private static String key(String who) {
    try {
      return AccountName.read(who).key();
    } catch (RefusedException e) {
      return "";
    }
  }
}
