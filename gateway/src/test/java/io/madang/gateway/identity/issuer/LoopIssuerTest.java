package io.madang.gateway.identity.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.FakeClock;
import io.madang.gateway.identity.IdentityConfigs;
import io.madang.gateway.identity.IdentityDatabase;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.identity.account.Refusal;
import io.madang.gateway.identity.account.RefusedException;
import io.madang.gateway.identity.revocation.Revocation;
import io.madang.gateway.identity.token.AccessTokens;
import io.madang.gateway.identity.token.Claims;
import io.madang.gateway.identity.token.OpaqueToken;
import io.madang.gateway.identity.token.SigningKey;
import io.madang.runtime.config.Secret;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LoopIssuerTest {
  private static final String PASSWORD = "correct horse";
  private static final String HERE = "192.0.2.1";
  private static final String ELSEWHERE = "192.0.2.2";

  private final FakeClock clock = new FakeClock();
  private IdentityDatabase database;
  private TestGateway gateway;

  @BeforeEach
  void start() throws Exception {
    database = IdentityDatabase.empty();
    gateway = new TestGateway(database, IdentityConfigs.with(), clock);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Nested
  class Someone_who_registers {
    @Test
    void is_signed_in_for_a_quarter_of_an_hour() {
      SignedIn mina = gateway.register(" Mina ", PASSWORD);

      Principal principal = gateway.bearer(mina.accessToken());

      assertThat(principal).isEqualTo(mina.principal());
      assertThat(principal.userId()).startsWith("u_");
      assertThat(principal.name()).isEqualTo("Mina");
      assertThat(principal.guest()).isFalse();
      assertThat(principal.roles()).isEmpty();
      assertThat(principal.expiresAt())
          .isEqualTo(clock.instant().plus(Duration.ofMinutes(15)).truncatedTo(ChronoUnit.SECONDS));
    }

    @Test
    void cannot_take_a_name_that_reads_like_another() {
      gateway.register("Straße", PASSWORD);

      gateway.assertRefused(
          Refusal.NAME_TAKEN, at -> at.register("STRASSE", PASSWORD, Optional.empty(), HERE));
    }

    @Test
    void wins_the_name_alone_when_two_ask_at_once() {
      CompositeFuture asked = gateway.await(() -> {
        CompositeFuture all = Future.join(IntStream.range(0, 8)
            .mapToObj(i -> gateway.loop().register("Mina", PASSWORD, Optional.empty(), HERE))
            .toList());
        return all.transform((done, failure) -> Future.succeededFuture(all));
      });

      assertThat(IntStream.range(0, 8).filter(asked::succeeded).count()).isEqualTo(1);
    }

    @Test
    void keeps_the_name_it_had_as_a_guest() {
      SignedIn guest = gateway.guest("Mina");

      gateway.assertRefused(
          Refusal.NAME_TAKEN, at -> at.register("mina", PASSWORD, Optional.empty(), HERE));
      SignedIn mina =
          gateway.on(at -> at.register("mina", PASSWORD, Optional.of(guest.principal()), HERE));

      assertThat(mina.principal().name()).isEqualTo("mina");
      gateway.assertNotAuthentic(Reason.BAD_TOKEN, at -> at.refresh(guest.refreshToken()));
    }

    @Test
    void cannot_take_a_name_from_another_account_by_being_signed_in() {
      gateway.register("Mina", PASSWORD);
      SignedIn guest = gateway.guest("Jun");

      gateway.assertRefused(
          Refusal.NAME_TAKEN,
          at -> at.register("Mina", PASSWORD, Optional.of(guest.principal()), HERE));
    }

    @Test
    void is_told_to_wait_after_too_many_from_one_address() {
      try (TestGateway strict = gatewayWith("MADANG_AUTH_REGISTRATIONS_PER_ADDRESS", "2")) {
        strict.register("One", PASSWORD);
        strict.register("Two", PASSWORD);

        strict.assertRefused(
            Refusal.RATE_LIMITED, at -> at.register("Three", PASSWORD, Optional.empty(), HERE));
        strict.on(at -> at.register("Three", PASSWORD, Optional.empty(), ELSEWHERE));
      }
    }

    @Test
    void leaves_no_password_in_the_database() throws SQLException {
      gateway.register("Mina", PASSWORD);

      assertThat(database.rows("SELECT password FROM identity.account"))
          .singleElement()
          .asString()
          .startsWith("$argon2id$v=19$m=64,t=1,p=1$")
          .doesNotContain(PASSWORD);
    }
  }

  @Nested
  class Someone_who_logs_in {
    @Test
    void is_the_same_user_with_the_roles_of_now() throws SQLException {
      String id = gateway.register("Mina", PASSWORD).principal().userId();
      database.execute("UPDATE identity.account SET roles = '{admin,moderator}'");

      Principal principal = gateway.bearer(gateway.login("MINA", PASSWORD).accessToken());

      assertThat(principal.userId()).isEqualTo(id);
      assertThat(principal.roles()).containsExactlyInAnyOrder("admin", "moderator");
    }

    @Test
    void hears_the_same_of_a_wrong_password_and_an_unknown_name() {
      gateway.register("Mina", PASSWORD);
      gateway.guest("Jun");

      Throwable wrong = gateway.failureOf(at -> at.login("Mina", "wrong horse", HERE));
      Throwable unknown = gateway.failureOf(at -> at.login("Nobody", PASSWORD, HERE));
      Throwable guest = gateway.failureOf(at -> at.login("Jun", PASSWORD, HERE));

      gateway.assertRefused(Refusal.BAD_CREDENTIALS, at -> at.login("Mina", "wrong horse", HERE));
      assertThat(unknown).hasMessage(wrong.getMessage());
      assertThat(guest).hasMessage(wrong.getMessage());
    }

    @Test
    void is_shut_out_after_too_many_failures_for_the_name_from_wherever() {
      try (TestGateway strict = gatewayWith("MADANG_AUTH_FAILURES_PER_NAME", "3")) {
        strict.register("Mina", PASSWORD);
        for (int i = 0; i < 3; i++) {
          String address = "192.0.2." + i;
          strict.assertRefused(
              Refusal.BAD_CREDENTIALS, at -> at.login("Mina", "wrong horse", address));
        }

        Throwable shutOut = strict.failureOf(at -> at.login("Mina", PASSWORD, HERE));

        assertThat(shutOut).isInstanceOfSatisfying(RefusedException.class, refused -> {
          assertThat(refused.refusal()).isEqualTo(Refusal.RATE_LIMITED);
          assertThat(refused.retryAfter()).isEqualTo(Duration.ofMinutes(10).dividedBy(3));
        });
        clock.advance(Duration.ofMinutes(10).dividedBy(3));
        strict.login("Mina", PASSWORD);
      }
    }

    @Test
    void is_shut_out_after_too_many_failures_from_the_address_for_whatever_name() {
      try (TestGateway strict = gatewayWith("MADANG_AUTH_FAILURES_PER_ADDRESS", "3")) {
        strict.register("Mina", PASSWORD);
        for (int i = 0; i < 3; i++) {
          String name = "nobody" + i;
          strict.assertRefused(
              Refusal.BAD_CREDENTIALS,
              at -> at.login(name, PASSWORD, "2001:db8:1:2::" + name.length()));
        }

        strict.assertRefused(
            Refusal.RATE_LIMITED, at -> at.login("Mina", PASSWORD, "2001:db8:1:2:ffff::1"));
        strict.on(at -> at.login("Mina", PASSWORD, "2001:db8:1:3::1"));
      }
    }

    @Test
    void is_not_counted_when_the_password_is_right() {
      try (TestGateway strict = gatewayWith("MADANG_AUTH_FAILURES_PER_NAME", "1")) {
        strict.register("Mina", PASSWORD);

        for (int i = 0; i < 5; i++) {
          strict.login("Mina", PASSWORD);
        }
      }
    }

    @Test
    void has_its_password_hashed_anew_when_the_cost_was_raised() {
      gateway.register("Mina", PASSWORD);
      try (TestGateway raised = gatewayWith("MADANG_AUTH_HASH_MEMORY_KIB", "128")) {
        raised.login("Mina", PASSWORD);

        Awaitility.await()
            .atMost(Duration.ofSeconds(10))
            .untilAsserted(() -> assertThat(database.rows("SELECT password FROM identity.account"))
                .singleElement()
                .asString()
                .startsWith("$argon2id$v=19$m=128,t=1,p=1$"));
        raised.login("Mina", PASSWORD);
      }
    }
  }

  @Nested
  class A_guest {
    @Test
    void is_marked_and_has_the_name_it_asked_for() {
      Principal guest = gateway.bearer(gateway.guest("Ｍina").accessToken());

      assertThat(guest.guest()).isTrue();
      assertThat(guest.userId()).startsWith("g_");
      assertThat(guest.name()).isEqualTo("Mina");
    }

    @Test
    void gets_a_tail_to_a_name_that_another_guest_has() {
      gateway.guest("Mina");

      assertThat(gateway.guest("MINA").principal().name()).matches("MINA-\\d{4}");
    }

    @Test
    void never_has_the_name_of_an_account() {
      gateway.register("Mina", PASSWORD);

      assertThat(gateway.guest("mina").principal().name()).matches("mina-\\d{4}");
    }

    @Test
    void frees_its_name_when_it_has_been_silent_for_a_day() {
      gateway.guest("Mina");
      clock.advance(Duration.ofHours(24));

      assertThat(gateway.guest("Mina").principal().name()).isEqualTo("Mina");
    }

    @Test
    void keeps_its_name_as_long_as_it_refreshes() {
      SignedIn first = gateway.guest("Mina");
      clock.advance(Duration.ofHours(23));
      SignedIn second = gateway.refresh(first.refreshToken());
      clock.advance(Duration.ofHours(23));

      assertThat(gateway.guest("Mina").principal().name()).matches("Mina-\\d{4}");
      assertThat(gateway.refresh(second.refreshToken()).principal().name()).isEqualTo("Mina");
    }

    @Test
    void frees_its_name_after_logout_when_no_token_can_carry_it_any_more() {
      SignedIn guest = gateway.guest("Mina");
      gateway.on(at -> at.logout(guest.principal()));

      assertThat(gateway.guest("Mina").principal().name()).matches("Mina-\\d{4}");
      clock.advance(Duration.ofMinutes(15));
      assertThat(gateway.guest("Mina").principal().name()).isEqualTo("Mina");
    }

    @Test
    void needs_no_name() {
      assertThat(gateway.on(at -> at.guest(Optional.empty(), HERE)).principal().name())
          .isEqualTo("guest");
      assertThat(gateway.on(at -> at.guest(Optional.empty(), HERE)).principal().name())
          .matches("guest-\\d{4}");
    }

    @Test
    void is_told_to_wait_when_its_address_made_too_many() {
      try (TestGateway strict = gatewayWith("MADANG_AUTH_GUESTS_PER_ADDRESS", "2")) {
        strict.guest("One");
        strict.guest("Two");

        strict.assertRefused(Refusal.RATE_LIMITED, at -> at.guest(Optional.of("Three"), HERE));
        clock.advance(Duration.ofSeconds(30));
        strict.guest("Three");
      }
    }

    @Test
    void is_not_let_in_where_guests_are_off() {
      try (TestGateway closed = gatewayWith("MADANG_AUTH_GUESTS", "false")) {
        closed.assertRefused(Refusal.GUESTS_OFF, at -> at.guest(Optional.of("Mina"), HERE));
      }
    }
  }

  @Nested
  class A_refresh_token {
    @Test
    void brings_new_tokens_of_the_same_sign_in() {
      SignedIn first = gateway.register("Mina", PASSWORD);
      clock.advance(Duration.ofMinutes(20));

      SignedIn second = gateway.refresh(first.refreshToken());

      assertThat(second.refreshToken()).isNotEqualTo(first.refreshToken());
      assertThat(second.principal().session()).isEqualTo(first.principal().session());
      assertThat(gateway.bearer(second.accessToken())).isEqualTo(second.principal());
    }

    @Test
    void used_twice_ends_the_sign_in_for_whoever_has_the_next() {
      SignedIn first = gateway.register("Mina", PASSWORD);
      SignedIn thief = gateway.refresh(first.refreshToken());
      clock.advance(Duration.ofSeconds(10));

      gateway.assertNotAuthentic(Reason.BAD_TOKEN, at -> at.refresh(first.refreshToken()));

      gateway.assertNotAuthentic(Reason.BAD_TOKEN, at -> at.refresh(thief.refreshToken()));
    }

    @Test
    void used_long_before_ends_the_sign_in_too() {
      SignedIn first = gateway.register("Mina", PASSWORD);
      SignedIn latest = first;
      for (int i = 0; i < 5; i++) {
        latest = gateway.refresh(latest.refreshToken());
        clock.advance(Duration.ofDays(20));
      }
      Secret newest = latest.refreshToken();

      gateway.assertNotAuthentic(Reason.BAD_TOKEN, at -> at.refresh(first.refreshToken()));

      gateway.assertNotAuthentic(Reason.BAD_TOKEN, at -> at.refresh(newest));
    }

    @Test
    void used_twice_leaves_other_sign_ins_of_the_user_alone() {
      SignedIn phone = gateway.register("Mina", PASSWORD);
      SignedIn laptop = gateway.login("Mina", PASSWORD);
      gateway.refresh(phone.refreshToken());
      clock.advance(Duration.ofSeconds(10));
      gateway.assertNotAuthentic(Reason.BAD_TOKEN, at -> at.refresh(phone.refreshToken()));

      gateway.refresh(laptop.refreshToken());
    }

    @Test
    void may_be_shown_again_within_the_grace_as_its_answer_may_be_lost() {
      SignedIn first = gateway.register("Mina", PASSWORD);
      SignedIn one = gateway.refresh(first.refreshToken());
      clock.advance(Duration.ofSeconds(9));

      SignedIn other = gateway.refresh(first.refreshToken());

      clock.advance(Duration.ofMinutes(1));
      gateway.refresh(one.refreshToken());
      gateway.refresh(other.refreshToken());
    }

    @Test
    void survives_any_number_of_lost_answers() {
      Secret held = gateway.register("Mina", PASSWORD).refreshToken();
      for (int i = 0; i < 20; i++) {
        Secret shown = held;
        gateway.refresh(shown);
        held = gateway.refresh(shown).refreshToken();
        clock.advance(Duration.ofMinutes(1));
      }

      gateway.refresh(held);
    }

    @Test
    void is_never_taken_twice_without_grace() {
      try (TestGateway strict = gatewayWith("MADANG_AUTH_REFRESH_GRACE_MS", "0")) {
        SignedIn first = strict.register("Mina", PASSWORD);
        strict.refresh(first.refreshToken());

        strict.assertNotAuthentic(Reason.BAD_TOKEN, at -> at.refresh(first.refreshToken()));
      }
    }

    @Test
    void counts_until_a_month_has_passed_without_a_sign_of_life() {
      SignedIn mina = gateway.register("Mina", PASSWORD);
      clock.advance(Duration.ofDays(30).minusMillis(1));
      SignedIn later = gateway.refresh(mina.refreshToken());
      clock.advance(Duration.ofDays(30));

      gateway.assertNotAuthentic(Reason.TOKEN_EXPIRED, at -> at.refresh(later.refreshToken()));
    }

    @Test
    void takes_its_access_tokens_along_at_the_logout() {
      SignedIn byPrincipal = gateway.register("Mina", PASSWORD);
      SignedIn byToken = gateway.login("Mina", PASSWORD);

      gateway.on(at -> at.logout(byPrincipal.principal()));
      gateway.on(at -> at.logout(byToken.refreshToken()));

      assertThat(gateway.revoked())
          .extracting(Revocation::kind, Revocation::id)
          .containsExactly(
              tuple(Revocation.Kind.SESSION, byPrincipal.principal().session()),
              tuple(Revocation.Kind.SESSION, byToken.principal().session()));
    }

    @Test
    void takes_its_access_tokens_along_when_it_is_used_twice() {
      SignedIn first = gateway.register("Mina", PASSWORD);
      SignedIn second = gateway.refresh(first.refreshToken());
      gateway.refresh(second.refreshToken());
      clock.advance(Duration.ofMinutes(1));

      gateway.assertNotAuthentic(Reason.BAD_TOKEN, at -> at.refresh(first.refreshToken()));

      assertThat(gateway.revoked())
          .extracting(Revocation::id)
          .containsExactly(first.principal().session());
    }

    @Test
    void is_gone_with_the_logout() {
      SignedIn byPrincipal = gateway.register("Mina", PASSWORD);
      SignedIn byToken = gateway.login("Mina", PASSWORD);

      gateway.on(at -> at.logout(byPrincipal.principal()));
      gateway.on(at -> at.logout(byToken.refreshToken()));

      gateway.assertNotAuthentic(Reason.BAD_TOKEN, at -> at.refresh(byPrincipal.refreshToken()));
      gateway.assertNotAuthentic(Reason.BAD_TOKEN, at -> at.refresh(byToken.refreshToken()));
    }

    @Test
    void that_nobody_made_is_refused() {
      gateway.assertNotAuthentic(
          Reason.BAD_TOKEN,
          at -> at.refresh(OpaqueToken.refresh(new SecureRandom()).text()));
      gateway.assertNotAuthentic(Reason.BAD_TOKEN, at -> at.refresh(new Secret("junk")));
    }

    @Test
    void is_stored_as_a_hash() throws SQLException {
      String token = gateway.register("Mina", PASSWORD).refreshToken().value();

      assertThat(database.rows("SELECT * FROM identity.session").get(0)).doesNotContain(token);
    }
  }

  @Nested
  class An_access_token {
    @Test
    void ends_at_its_time() {
      SignedIn mina = gateway.register("Mina", PASSWORD);
      clock.advance(
          Duration.between(clock.instant(), mina.principal().expiresAt()).minusMillis(1));
      gateway.bearer(mina.accessToken());
      clock.advance(Duration.ofMillis(1));

      gateway.assertNotAuthentic(
          Reason.TOKEN_EXPIRED, at -> at.authenticate(new Credential.Bearer(mina.accessToken())));
    }

    @Test
    void is_verified_without_the_database() {
      SignedIn mina = gateway.register("Mina", PASSWORD);
      gateway.await(gateway.pool()::close);

      assertThat(gateway.bearer(mina.accessToken())).isEqualTo(mina.principal());
      Principal byCookie =
          gateway.on(at -> at.authenticate(new Credential.Cookie(mina.accessToken())));
      assertThat(byCookie).isEqualTo(mina.principal());
    }

    @Test
    void for_another_audience_is_refused() {
      try (TestGateway other = gatewayWith("MADANG_AUTH_AUDIENCE", "another-mesh")) {
        SignedIn mina = other.register("Mina", PASSWORD);

        gateway.assertNotAuthentic(
            Reason.BAD_TOKEN, at -> at.authenticate(new Credential.Bearer(mina.accessToken())));
      }
    }

    @Test
    void by_another_issuer_is_refused() {
      try (TestGateway other = gatewayWith("MADANG_AUTH_ISSUER", "another-mesh")) {
        SignedIn mina = other.register("Mina", PASSWORD);

        gateway.assertNotAuthentic(
            Reason.BAD_TOKEN, at -> at.authenticate(new Credential.Bearer(mina.accessToken())));
      }
    }

    @Test
    void by_a_foreign_key_is_refused() {
      SigningKey foreign = SigningKey.generate(clock.instant(), new SecureRandom());
      Secret forged =
          new Secret(new AccessTokens(List.of(foreign)).sign(claimsOfAnAdmin(), clock.instant()));

      gateway.assertNotAuthentic(
          Reason.BAD_TOKEN, at -> at.authenticate(new Credential.Bearer(forged)));
    }

    @Test
    void by_a_foreign_key_is_told_to_come_again_only_while_keys_cannot_be_read() {
      SigningKey foreign = SigningKey.generate(clock.instant(), new SecureRandom());
      Secret forged =
          new Secret(new AccessTokens(List.of(foreign)).sign(claimsOfAnAdmin(), clock.instant()));
      gateway.await(gateway.pool()::close);

      gateway.assertNotAuthentic(
          Reason.UNAVAILABLE, at -> at.authenticate(new Credential.Bearer(forged)));
    }

    private Claims claimsOfAnAdmin() {
      return new Claims(
          "u_1",
          "Mina",
          Set.of("admin"),
          false,
          "madang",
          "madang",
          clock.instant(),
          clock.instant().plusSeconds(60),
          "t_1",
          "s_1");
    }
  }

  @Nested
  class A_ticket {
    private SignedIn mina;
    private Secret ticket;

    @BeforeEach
    void ask() {
      mina = gateway.register("Mina", PASSWORD);
      ticket = gateway.on(at -> at.ticket(mina.principal()));
    }

    @Test
    void stands_for_its_principal_once_at_any_gateway() {
      try (TestGateway other = gatewayWith()) {
        Principal redeemed = other.on(at -> at.authenticate(new Credential.Ticket(ticket)));
        assertThat(redeemed).isEqualTo(mina.principal());

        other.assertNotAuthentic(
            Reason.BAD_TICKET, at -> at.authenticate(new Credential.Ticket(ticket)));
        gateway.assertNotAuthentic(
            Reason.BAD_TICKET, at -> at.authenticate(new Credential.Ticket(ticket)));
      }
    }

    @Test
    void waits_for_half_a_minute() {
      clock.advance(Duration.ofSeconds(30));

      gateway.assertNotAuthentic(
          Reason.BAD_TICKET, at -> at.authenticate(new Credential.Ticket(ticket)));
    }

    @Test
    void ends_with_the_token_it_was_asked_with() {
      clock.advance(Duration.ofMinutes(15).minusSeconds(10));
      Secret late = gateway.on(at -> at.ticket(mina.principal()));
      clock.advance(Duration.ofSeconds(10));

      gateway.assertNotAuthentic(
          Reason.BAD_TICKET, at -> at.authenticate(new Credential.Ticket(late)));
    }

    @Test
    void is_torn_by_the_logout() {
      gateway.on(at -> at.logout(mina.principal()));

      gateway.assertNotAuthentic(
          Reason.BAD_TICKET, at -> at.authenticate(new Credential.Ticket(ticket)));
    }

    @Test
    void of_any_other_text_is_refused() {
      gateway.assertNotAuthentic(
          Reason.BAD_TICKET,
          at -> at.authenticate(new Credential.Ticket(new Secret("'; DROP TABLE"))));
    }
  }

  @Nested
  class An_ill_database {
    @Test
    void makes_tickets_wait_and_not_fail_for_good() {
      Principal guest = gateway.guest("Mina").principal();
      Secret ticket = gateway.on(at -> at.ticket(guest));
      gateway.await(gateway.pool()::close);

      gateway.assertNotAuthentic(
          Reason.UNAVAILABLE, at -> at.authenticate(new Credential.Ticket(ticket)));
    }
  }

  @Test
  void no_other_thread_may_use_it() {
    assertThatThrownBy(() -> gateway.loop().authenticate(new Credential.Bearer(new Secret("x"))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void nothing_of_a_sign_in_is_printed() {
    SignedIn mina = gateway.register("Mina", PASSWORD);

    assertThat(mina.toString() + new Credential.Bearer(mina.accessToken()))
        .doesNotContain(mina.accessToken().value(), mina.refreshToken().value())
        .contains("***");
  }

  private TestGateway gatewayWith(String... settings) {
    return new TestGateway(database, IdentityConfigs.with(settings), clock);
  }
}
