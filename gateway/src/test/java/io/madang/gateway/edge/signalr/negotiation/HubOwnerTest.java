package io.madang.gateway.edge.signalr.negotiation;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.madang.runtime.config.Secret;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HubOwnerTest {
  private static final int THEIRS = 0;

  private final List<Integer> told = new ArrayList<>();
  private final List<Credential> newer = new ArrayList<>();
  private Future<Principal> judged = Future.failedFuture("nobody is judged");
  private boolean isThere = true;

  private final HubOwner owner = owner(Optional.of("ann"));

  private HubOwner owner(Optional<String> user) {
    return new HubOwner(user, credential -> judged, () -> isThere, newer::add);
  }

  private static Credential token(String token) {
    return new Credential.Bearer(new Secret(token));
  }

  private static Principal user(String id, long untilMs) {
    return new Principal(
        id, id, Set.of(), false, Instant.ofEpochMilli(untilMs), "session", Instant.EPOCH);
  }

  private void ask(HubOwner whose, Optional<Credential> offered) {
    whose.judge(offered, () -> told.add(THEIRS), told::add);
  }

  private void ask(String token, Future<Principal> verdict) {
    judged = verdict;
    ask(owner, Optional.of(token(token)));
  }

  @Test
  void whoever_has_the_token_of_a_connection_of_nobody_is_whose_it_is() {
    ask(owner(Optional.empty()), Optional.empty());
    ask(owner(Optional.empty()), Optional.of(token("whatever")));

    assertThat(told).containsExactly(THEIRS, THEIRS);
  }

  @Test
  void somebodys_connection_is_shown_to_nobody_else() {
    ask(owner, Optional.empty());
    ask("of another", Future.succeededFuture(user("bob", 1_000)));

    assertThat(told).containsExactly(Negotiations.UNAUTHORIZED, Home.UNKNOWN);
    assertThat(newer).isEmpty();
  }

  @Test
  void what_counts_no_more_is_told_apart_from_what_cannot_be_judged_now() {
    ask("old", Future.failedFuture(new AuthenticationException(Reason.TOKEN_EXPIRED)));
    ask("good", Future.failedFuture(new AuthenticationException(Reason.UNAVAILABLE)));

    assertThat(told).containsExactly(Negotiations.UNAUTHORIZED, Negotiations.NOT_NOW);
  }

  @Test
  void a_connection_that_was_forgotten_while_a_request_was_judged_is_not_known() {
    Promise<Principal> verdict = Promise.promise();
    ask("good", verdict.future());

    isThere = false;
    verdict.complete(user("ann", 1_000));

    assertThat(told).containsExactly(Home.UNKNOWN);
  }

  @Test
  void only_what_counts_for_longer_than_all_before_is_newer() {
    ask("first", Future.succeededFuture(user("ann", 1_000)));
    ask("as long", Future.succeededFuture(user("ann", 1_000)));
    ask("shorter", Future.succeededFuture(user("ann", 999)));
    ask("longer", Future.succeededFuture(user("ann", 1_001)));

    assertThat(told).containsOnly(THEIRS);
    assertThat(newer).containsExactly(token("first"), token("longer"));
    assertThat(owner.newest()).contains(token("longer"));
  }
}
