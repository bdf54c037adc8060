package io.madang.gateway.identity.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.FakeClock;
import io.madang.gateway.identity.IdentityConfigs;
import io.madang.gateway.identity.IdentityDatabase;
import io.madang.gateway.identity.token.AccessTokens;
import io.madang.gateway.identity.token.BadTokenException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BuiltInIssuerTest {
  private static final Duration KEY_LIFETIME = Duration.ofDays(30);
  private static final Duration SHOWN_AHEAD = Duration.ofMinutes(10);

  private final FakeClock clock = new FakeClock();
  private IdentityDatabase database;
  private TestGateway one;
  private TestGateway other;

  @BeforeEach
  void start() throws Exception {
    database = IdentityDatabase.empty();
    one = new TestGateway(database, IdentityConfigs.with(), clock);
    other = new TestGateway(database, IdentityConfigs.with(), clock);
  }

  @AfterEach
  void stop() {
    one.close();
    other.close();
  }

  @Nested
  class Two_on_one_database {
    @Test
    void share_the_one_key_that_was_made() throws SQLException {
      SignedIn mina = one.guest("Mina");

      assertThat(other.bearer(mina.accessToken())).isEqualTo(mina.principal());
      assertThat(database.rows("SELECT kid FROM identity.signing_key")).hasSize(1);
    }

    @Test
    void continue_each_others_sign_ins() {
      SignedIn mina = one.guest("Mina");

      assertThat(other.refresh(mina.refreshToken()).principal().userId())
          .isEqualTo(mina.principal().userId());
    }
  }

  @Nested
  class An_old_key {
    @BeforeEach
    void grow_old() {
      clock.advance(KEY_LIFETIME);
    }

    @Test
    void is_followed_by_one_that_signs_when_all_have_seen_it() throws Exception {
      one.await(one.issuer()::tend);
      other.await(other.issuer()::tend);

      assertThat(database.rows("SELECT kid FROM identity.signing_key")).hasSize(2);
      one.await(one.loop()::readKeys);
      String before = kidOf(one.guest("Mina"));
      clock.advance(SHOWN_AHEAD);
      String after = kidOf(one.guest("Jun"));
      assertThat(after).isNotEqualTo(before);
    }

    @Test
    void is_forgotten_when_its_last_token_has_ended() throws Exception {
      SignedIn last = one.guest("Mina");
      one.await(one.issuer()::tend);
      clock.advance(SHOWN_AHEAD);
      one.await(one.issuer()::tend);
      assertThat(database.rows("SELECT kid FROM identity.signing_key")).hasSize(2);

      clock.advance(Duration.ofMinutes(20));
      one.await(one.issuer()::tend);

      assertThat(database.rows("SELECT kid FROM identity.signing_key"))
          .hasSize(1)
          .doesNotContain(kidOf(last));
    }

    @Test
    void leaves_no_gateway_behind_that_has_not_read_the_new_one() throws Exception {
      one.await(one.issuer()::tend);
      one.await(one.loop()::readKeys);
      clock.advance(SHOWN_AHEAD);
      SignedIn mina = one.guest("Mina");

      assertThat(other.bearer(mina.accessToken())).isEqualTo(mina.principal());
    }

    private String kidOf(SignedIn in) throws BadTokenException {
      return AccessTokens.kidOf(in.accessToken().value());
    }
  }

  @Nested
  class A_key_nobody_knows {
    @Test
    void is_looked_for_once_in_a_while_only() throws Exception {
      SignedIn foreign = foreignSignIn();
      one.assertNotAuthentic(
          Reason.BAD_TOKEN, at -> at.authenticate(new Credential.Bearer(foreign.accessToken())));
      one.await(one.pool()::close);

      one.assertNotAuthentic(
          Reason.BAD_TOKEN, at -> at.authenticate(new Credential.Bearer(foreign.accessToken())));
      clock.advance(Duration.ofSeconds(5));
      one.assertNotAuthentic(
          Reason.UNAVAILABLE, at -> at.authenticate(new Credential.Bearer(foreign.accessToken())));
    }

    private SignedIn foreignSignIn() throws Exception {
      try (TestGateway elsewhere =
          new TestGateway(IdentityDatabase.another(), IdentityConfigs.with(), clock)) {
        return elsewhere.guest("Mina");
      }
    }
  }

  @Nested
  class Housekeeping {
    @Test
    void forgets_what_has_expired_and_nothing_else() throws SQLException {
      SignedIn account = one.register("Mina", "correct horse");
      SignedIn guest = one.guest("Jun");
      one.on(at -> at.ticket(guest.principal()));
      clock.advance(Duration.ofHours(24));
      SignedIn fresh = one.guest("Sora");

      one.await(one.issuer()::tend);

      assertThat(database.rows("SELECT name FROM identity.account ORDER BY name"))
          .containsExactly("Mina", "Sora");
      assertThat(database.rows("SELECT id FROM identity.session"))
          .containsExactlyInAnyOrder(
              account.principal().session(), fresh.principal().session());
      assertThat(database.rows("SELECT 1 FROM identity.ticket")).isEmpty();
      assertThat(database.rows("SELECT bucket FROM identity.allowance"))
          .containsExactly("guest:192.0.2.1");
    }

    @Test
    void is_needed_for_no_answer() {
      one.guest("Jun");
      clock.advance(Duration.ofHours(24));

      assertThat(one.on(at -> at.register("Jun", "correct horse", Optional.empty(), "192.0.2.1"))
              .principal()
              .name())
          .isEqualTo("Jun");
    }
  }

  @Test
  void hands_out_no_issuer_to_a_thread_without_loop() {
    assertThatThrownBy(() -> one.issuer().forThisLoop(revocations -> {}, Duration.ZERO))
        .isInstanceOf(IllegalStateException.class);
  }
}
