package io.madang.gateway.identity.issuer;

import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.IdentityConfig;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.identity.account.AccountName;
import io.madang.gateway.identity.account.Password;
import io.madang.gateway.identity.account.Refusal;
import io.madang.gateway.identity.account.RefusedException;
import io.madang.gateway.identity.account.UserIds;
import io.madang.gateway.identity.password.Argon2Hash;
import io.madang.gateway.identity.password.PasswordWorkers;
import io.madang.gateway.identity.postgres.Account;
import io.madang.gateway.identity.postgres.Accounts;
import io.madang.gateway.identity.postgres.Allowances;
import io.madang.gateway.identity.postgres.Allowances.Allowance;
import io.madang.gateway.identity.postgres.Rotation;
import io.madang.gateway.identity.postgres.Sessions;
import io.madang.gateway.identity.postgres.Tickets;
import io.madang.gateway.identity.revocation.Revocation;
import io.madang.gateway.identity.revocation.Revoker;
import io.madang.gateway.identity.token.Claims;
import io.madang.gateway.identity.token.OpaqueToken;
import io.madang.runtime.config.Secret;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer as one event loop uses it: every call and every answer is on that loop, and other threads are turned away.
 *
 * <p>{@link #authenticate} fails with {@link AuthenticationException} alone. The others fail with {@link RefusedException}
 * when the person is told no, with AuthenticationException for a refresh token that does not count, and with {@link
 * io.madang.gateway.identity.postgres.StoreFaultException} when the database is ill.
 */
public final class LoopIssuer implements Authenticator {
  private static final Logger LOG = LoggerFactory.getLogger(LoopIssuer.class);

  private static final int HASH_LANES = 1;

  /** After the name as asked for: short tails while they are likely free, then one that surely is. */
  private static final List<Integer> GUEST_SUFFIX_DIGITS = List.of(0, 4, 4, 4, 10);

  private static final String NAMELESS_GUEST = "guest";
  private static final Duration STORE_RETRY = Duration.ofSeconds(2);
  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  private final Thread loop = Thread.currentThread();
  private final LoopTokens tokens;
  private final Accounts accounts;
  private final Sessions sessions;
  private final Tickets tickets;
  private final Allowances allowances;
  private final PasswordWorkers passwords;
  private final Revoker revoker;
  private final IdentityConfig config;

  /** What is revoked has ended by itself after so long. */
  private final Duration revokedFor;

  private final Clock clock;
  private final SecureRandom random;
  private final UserIds ids;
  private final Argon2Hash.Cost cost;
  private final Argon2Hash nobody;
  private final Allowance failuresPerName;
  private final Allowance failuresPerAddress;
  private final Allowance registrations;
  private final Allowance guests;
  private final Credential.Handler<Future<Principal>> credentials = new Credentials();

  LoopIssuer(
      LoopTokens tokens,
      Pool pool,
      IdentityConfig config,
      Clock clock,
      SecureRandom random,
      PasswordWorkers passwords,
      Revoker revoker,
      Duration revokedFor) {
    this.tokens = tokens;
    this.accounts = new Accounts(pool);
    this.sessions = new Sessions(pool);
    this.tickets = new Tickets(pool);
    this.allowances = new Allowances(pool);
    this.passwords = passwords;
    this.revoker = revoker;
    this.revokedFor = revokedFor;
    this.config = config;
    this.clock = clock;
    this.random = random;
    this.ids = new UserIds(random);
    this.cost = new Argon2Hash.Cost(config.hashMemoryKib(), config.hashPasses(), HASH_LANES);
    this.nobody = Argon2Hash.ofNobody(cost, random);
    this.failuresPerName = new Allowance("login-name", config.failuresPerName(), TEN_MINUTES);
    this.failuresPerAddress =
        new Allowance("login-address", config.failuresPerAddress(), TEN_MINUTES);
    this.registrations = new Allowance("register", config.registrationsPerAddress(), TEN_MINUTES);
    this.guests = new Allowance("guest", config.guestsPerAddress(), Duration.ofMinutes(1));
  }

  /** Access tokens are verified here and now; only a ticket, or a token by a key not yet seen, asks the database. */
  @Override
  public Future<Principal> authenticate(Credential credential) {
    requireLoop();
    return credential.dispatch(credentials);
  }

  private final class Credentials implements Credential.Handler<Future<Principal>> {
    @Override
    public Future<Principal> on(Credential.Bearer credential) {
      return verify(credential.token());
    }

    @Override
    public Future<Principal> on(Credential.Cookie credential) {
      return verify(credential.token());
    }

    @Override
    public Future<Principal> on(Credential.Ticket credential) {
      return redeem(credential.ticket());
    }
  }

  /** Reads the signing keys again, which a timer does each minute. */
  Future<Void> readKeys() {
    return tokens.read();
  }

  private Future<Principal> verify(Secret token) {
    return tokens.verify(token.value()).compose(this::accept);
  }

  private Future<Principal> accept(Claims claims) {
    if (!config.builtIn()
        || !claims.issuer().equals(config.issuer())
        || !claims.audience().equals(config.audience())) {
      return Future.failedFuture(new AuthenticationException(Reason.BAD_TOKEN));
    }
    if (!claims.expiresAt().isAfter(clock.instant())) {
      return Future.failedFuture(new AuthenticationException(Reason.TOKEN_EXPIRED));
    }
    return Future.succeededFuture(new Principal(
        claims.subject(),
        claims.name(),
        claims.roles(),
        claims.guest(),
        claims.expiresAt(),
        claims.session(),
        claims.issuedAt()));
  }

  private Future<Principal> redeem(Secret text) {
    Optional<OpaqueToken> ticket = OpaqueToken.readTicket(text);
    if (ticket.isEmpty()) {
      return Future.failedFuture(new AuthenticationException(Reason.BAD_TICKET));
    }
    return tickets
        .redeem(ticket.get(), clock.instant())
        .recover(LoopIssuer::unavailable)
        .compose(found -> found.map(this::acceptTicket).orElseGet(LoopIssuer::badTicket));
  }

  private Future<Principal> acceptTicket(Principal principal) {
    return principal.expiresAt().isAfter(clock.instant())
        ? Future.succeededFuture(principal)
        : badTicket();
  }

  private static Future<Principal> badTicket() {
    return Future.failedFuture(new AuthenticationException(Reason.BAD_TICKET));
  }

  private static <T> Future<T> unavailable(Throwable failure) {
    return Future.failedFuture(
        new AuthenticationException(Reason.UNAVAILABLE, STORE_RETRY, failure));
  }

  /**
   * Makes an account and signs it in.
   *
   * @param asker who asks, when somebody signed in does: a guest may keep the name it carries
   * @param address the client's network address, for limits
   */
  public Future<SignedIn> register(
      String name, String password, Optional<Principal> asker, String address) {
    requireLoop();
    AccountName wanted = AccountName.read(name);
    Password chosen = Password.choose(password);
    Optional<String> holder = asker.filter(Principal::guest).map(Principal::userId);
    String id = ids.account();
    return take(registrations, NetworkAddress.of(address))
        .compose(taken -> requireFree(wanted, holder))
        .compose(free -> passwords.run(() -> Argon2Hash.of(chosen, cost, random).encoded()))
        .compose(hash -> accounts.create(id, wanted, hash, clock.instant(), holder))
        .compose(created -> created ? Future.succeededFuture() : nameTaken())
        .compose(done -> open(id, wanted.text(), Set.of(), false));
  }

  /** Asked before the costly hash; {@link Accounts#create} has the last word. */
  private Future<Void> requireFree(AccountName name, Optional<String> holder) {
    return accounts
        .find(name, clock.instant())
        .compose(found -> found.map(Account::id).equals(holder) || found.isEmpty()
            ? Future.succeededFuture()
            : nameTaken());
  }

  private static <T> Future<T> nameTaken() {
    return Future.failedFuture(new RefusedException(Refusal.NAME_TAKEN, "This name is taken."));
  }

  /** Signs an account in. An unknown name and a wrong password answer alike, and as late. */
  public Future<SignedIn> login(String name, String password, String address) {
    requireLoop();
    AccountName claimed;
    try {
      claimed = AccountName.read(name);
    } catch (RefusedException e) {
      // Nobody can have such a name, and everybody may know that.
      return badCredentials();
    }
    String network = NetworkAddress.of(address);
    return take(failuresPerAddress, network)
        .compose(taken -> take(failuresPerName, claimed.key()))
        .compose(taken -> judge(claimed, Password.of(password), network))
        .compose(account -> open(account.id(), account.name(), account.roles(), false));
  }

  /** Every attempt is counted as a failure before it is judged, or parallel guesses would slip through uncounted. */
  private Future<Account> judge(AccountName name, Password password, String network) {
    Future<Account> judged =
        accounts.find(name, clock.instant()).compose(found -> check(found, password));
    return judged.transform((account, failure) ->
        isBadCredentials(failure) ? judged : forgive(name, network).transform(forgiven -> judged));
  }

  private Future<Account> check(Optional<Account> found, Password password) {
    Optional<String> stored = found.flatMap(Account::password);
    return passwords
        .run(() -> stored.map(Argon2Hash::parse).orElse(nobody).verify(password))
        .compose(right ->
            right && stored.isPresent() ? Future.succeededFuture(found.get()) : badCredentials())
        .onSuccess(account -> strengthen(account, password));
  }

  private static <T> Future<T> badCredentials() {
    return Future.failedFuture(new RefusedException(
        Refusal.BAD_CREDENTIALS, "There is no account with this name and password."));
  }

  private static boolean isBadCredentials(Throwable failure) {
    return failure instanceof RefusedException refused
        && refused.refusal() == Refusal.BAD_CREDENTIALS;
  }

  private Future<Void> forgive(AccountName name, String network) {
    return Future.join(
            allowances.giveBack(failuresPerName, name.key()),
            allowances.giveBack(failuresPerAddress, network))
        .mapEmpty();
  }

  /** Hashes again what was hashed at another cost. The person does not wait for it, and the next login makes it good. */
  private void strengthen(Account account, Password password) {
    String old = account.password().orElseThrow();
    if (!Argon2Hash.parse(old).cost().equals(cost)) {
      passwords
          .run(() -> Argon2Hash.of(password, cost, random).encoded())
          .compose(stronger -> accounts.strengthen(account.id(), old, stronger))
          .onFailure(failure -> LOG.info(
              "Password of {} keeps its old cost for now: {}", account.id(), failure.getMessage()));
    }
  }

  /**
   * Lets somebody in with a name alone, or with none.
   *
   * @param name what the guest would like to be called; gets a tail when taken
   */
  public Future<SignedIn> guest(Optional<String> name, String address) {
    requireLoop();
    if (!config.guests()) {
      return Future.failedFuture(new RefusedException(
          Refusal.GUESTS_OFF, "Guests are not let in here; sign in with an account."));
    }
    AccountName wanted = AccountName.read(name.orElse(NAMELESS_GUEST));
    String id = ids.guest();
    return take(guests, NetworkAddress.of(address))
        .compose(taken -> nameGuest(id, wanted, 0))
        .compose(given -> open(id, given.text(), Set.of(), true));
  }

  private Future<AccountName> nameGuest(String id, AccountName wanted, int attempt) {
    if (attempt == GUEST_SUFFIX_DIGITS.size()) {
      return nameTaken();
    }
    int digits = GUEST_SUFFIX_DIGITS.get(attempt);
    AccountName name = digits == 0 ? wanted : wanted.withSuffix(ids.nameSuffix(digits));
    Instant now = clock.instant();
    return accounts
        .createGuest(id, name, now, now.plus(config.guestLifetime()))
        .compose(
            created -> created ? Future.succeededFuture(name) : nameGuest(id, wanted, attempt + 1));
  }

  private Future<SignedIn> open(String userId, String name, Set<String> roles, boolean guest) {
    Instant now = clock.instant();
    Instant until = now.plus(guest ? config.guestLifetime() : config.refreshLifetime());
    String session = ids.session();
    OpaqueToken refresh = OpaqueToken.refresh(random);
    return sessions
        .open(session, userId, refresh, now, until)
        .map(opened ->
            signedIn(principal(userId, name, roles, guest, session, now), refresh, now, until));
  }

  /** Brings new tokens for a refresh token, which is spent by it. */
  public Future<SignedIn> refresh(Secret token) {
    requireLoop();
    Optional<OpaqueToken> shown = OpaqueToken.readRefresh(token);
    if (shown.isEmpty()) {
      return Future.failedFuture(new AuthenticationException(Reason.BAD_TOKEN));
    }
    Instant now = clock.instant();
    OpaqueToken next = shown.get().next(random);
    return sessions
        .rotate(
            shown.get(),
            next,
            now,
            now.minus(config.refreshGrace()),
            now.plus(config.refreshLifetime()),
            now.plus(config.guestLifetime()))
        .compose(rotation -> answer(rotation, next, now));
  }

  private Future<SignedIn> answer(Rotation rotation, OpaqueToken next, Instant now) {
    return switch (rotation.outcome()) {
      case ROTATED -> Future.succeededFuture(refreshed(rotation, next, now));
      case EXPIRED -> Future.failedFuture(new AuthenticationException(Reason.TOKEN_EXPIRED));
      case UNKNOWN -> Future.failedFuture(new AuthenticationException(Reason.BAD_TOKEN));
      case REUSED -> {
        LOG.warn(
            "A refresh token of {} was used twice; its sign-in {} has been ended",
            rotation.userId(),
            rotation.session());
        revokeSession(rotation.session());
        yield Future.failedFuture(new AuthenticationException(Reason.BAD_TOKEN));
      }
    };
  }

  private SignedIn refreshed(Rotation rotation, OpaqueToken next, Instant now) {
    Principal principal = principal(
        rotation.userId(),
        rotation.name(),
        rotation.roles(),
        rotation.guest(),
        rotation.session(),
        now);
    return signedIn(
        principal,
        next,
        now,
        now.plus(rotation.guest() ? config.guestLifetime() : config.refreshLifetime()));
  }

  /** A ticket that stands for {@code principal} once, at any gateway. */
  public Future<Secret> ticket(Principal principal) {
    requireLoop();
    OpaqueToken ticket = OpaqueToken.ticket(random);
    return tickets
        .keep(ticket, principal, clock.instant().plus(config.ticketLifetime()))
        .map(kept -> ticket.text());
  }

  /** An access token that says the same of somebody who showed a ticket, and ends when that sign-in does. */
  public Secret tokenFor(Principal principal) {
    requireLoop();
    return accessToken(principal, clock.instant());
  }

  /** Ends a sign-in: no refresh, no ticket, and no access token of it counts from now on, at any gateway. */
  public Future<Void> logout(Principal principal) {
    requireLoop();
    return sessions
        .end(principal.session(), clock.instant().plus(config.accessLifetime()))
        // Also when there is none here: another issuer's tokens have sessions too.
        .onSuccess(ended -> revokeSession(principal.session()))
        .mapEmpty();
  }

  private void revokeSession(String session) {
    Instant now = clock.instant();
    revoker.revoke(Revocation.ofSession(session, now, now.plus(revokedFor)));
  }

  /** Ends the sign-in a refresh token belongs to; nothing when it belongs to none. */
  public Future<Void> logout(Secret refreshToken) {
    requireLoop();
    Instant nameUntil = clock.instant().plus(config.accessLifetime());
    return OpaqueToken.readRefresh(refreshToken)
        .map(token -> sessions.end(token, nameUntil))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .onSuccess(ended -> ended.ifPresent(this::revokeSession))
        .mapEmpty();
  }

  /** Tokens count in whole seconds, so the principal does from the start. */
  private Principal principal(
      String userId, String name, Set<String> roles, boolean guest, String session, Instant now) {
    Instant expiresAt = now.plus(config.accessLifetime()).truncatedTo(ChronoUnit.SECONDS);
    return new Principal(
        userId, name, roles, guest, expiresAt, session, now.truncatedTo(ChronoUnit.SECONDS));
  }

  private SignedIn signedIn(Principal principal, OpaqueToken refresh, Instant now, Instant until) {
    return new SignedIn(accessToken(principal, now), refresh.text(), principal, until);
  }

  private Secret accessToken(Principal principal, Instant now) {
    return new Secret(tokens.sign(new Claims(
        principal.userId(),
        principal.name(),
        principal.roles(),
        principal.guest(),
        config.issuer(),
        config.audience(),
        now,
        principal.expiresAt(),
        ids.token(),
        principal.session())));
  }

  private Future<Void> take(Allowance allowance, String subject) {
    return allowances.take(allowance, subject, clock.instant()).compose(LoopIssuer::requireAllowed);
  }

  private static Future<Void> requireAllowed(Duration wait) {
    return wait.isZero()
        ? Future.succeededFuture()
        : Future.failedFuture(new RefusedException(
            Refusal.RATE_LIMITED, "Too many attempts; wait a little and try again.", wait));
  }

  private void requireLoop() {
    if (Thread.currentThread() != loop) {
      throw new IllegalStateException(
          "a LoopIssuer is used on the event loop that made it, and not on another thread");
    }
  }
}
