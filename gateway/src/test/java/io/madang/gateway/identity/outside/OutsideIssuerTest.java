package io.madang.gateway.identity.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.madang.runtime.config.ConfigException;
import io.madang.runtime.config.Secret;
import io.madang.runtime.config.Settings;
import io.madang.testkit.TestIssuer;
import io.madang.testkit.TestIssuer.IssuerKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OutsideIssuerTest {
  private static final IssuerKey OLD = IssuerKey.rsa("old", 2_048);
  private static final IssuerKey NEW = IssuerKey.ec("new");
  private static final IssuerKey STRANGER = IssuerKey.rsa("old", 2_048);

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = ((VertxInternal) vertx).createEventLoopContext();
  private final TestIssuer issuer = new TestIssuer();
  private final Map<String, String> settings = new HashMap<>(Map.of(
      "MADANG_AUTH_JWKS_URL",
      issuer.address(),
      "MADANG_AUTH_OUTSIDE_ISSUER",
      issuer.address(),
      "MADANG_AUTH_OUTSIDE_AUDIENCE",
      TestIssuer.AUDIENCE,
      "MADANG_AUTH_CLOCK_SKEW_MS",
      "2000",
      "MADANG_AUTH_JWKS_COOLDOWN_MS",
      "300"));

  private OutsideIssuer outside;
  private Authenticator authenticator;

  @AfterEach
  void stop() throws Exception {
    if (outside != null) {
      get(outside.close());
    }
    issuer.close();
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.await(15, TimeUnit.SECONDS);
  }

  private void start() throws Exception {
    Settings read = new Settings(settings);
    OutsideConfig config = OutsideConfig.from(read);
    read.finish(OutsideConfig.SETTINGS);
    outside =
        get(OutsideIssuer.start(vertx, loop, config, Clock.systemUTC(), Duration.ofMillis(1_200)));
    authenticator = outside.forThisLoop();
  }

  private Principal principal(String token) throws Exception {
    Promise<Principal> answer = Promise.promise();
    loop.runOnContext(turn ->
        authenticator.authenticate(new Credential.Bearer(new Secret(token))).onComplete(answer));
    return get(answer.future());
  }

  private void assertRefused(Reason reason, String token) {
    assertThatThrownBy(() -> principal(token))
        .isInstanceOfSatisfying(
            AuthenticationException.class,
            refused -> assertThat(refused.reason()).isEqualTo(reason));
  }

  private String changed(UnaryOperator<JsonObject> change) {
    return change.apply(new JsonObject(issuer.claims("mina", "admin"))).encode();
  }

  @Nested
  class A_token_by_a_key_that_is_shown {
    @Test
    void says_who_its_holder_is() throws Exception {
      issuer.show(OLD, NEW);
      start();

      for (IssuerKey key : new IssuerKey[] {OLD, NEW}) {
        Principal mina = principal(key.sign(issuer.claims("mina", "admin", "premium")));

        assertThat(mina.userId()).isEqualTo("o_mina");
        assertThat(mina.name()).isEqualTo("mina");
        assertThat(mina.roles()).containsExactlyInAnyOrder("admin", "premium");
        assertThat(mina.guest()).isFalse();
        assertThat(mina.session()).isEqualTo("o_sid-mina");
        assertThat(mina.expiresAt()).isAfter(Instant.now().plusSeconds(3_500));
      }
    }

    @Test
    void counts_only_for_us_in_its_time_and_by_its_issuer() throws Exception {
      issuer.show(OLD);
      start();
      long now = Instant.now().getEpochSecond();

      assertRefused(Reason.BAD_TOKEN, OLD.sign(changed(claims -> claims.put("aud", "others"))));
      assertRefused(Reason.BAD_TOKEN, OLD.sign(changed(claims -> without(claims, "aud"))));
      assertRefused(Reason.BAD_TOKEN, OLD.sign(changed(claims -> claims.put("iss", "x"))));
      assertRefused(Reason.BAD_TOKEN, OLD.sign(changed(claims -> without(claims, "exp"))));
      assertRefused(Reason.BAD_TOKEN, OLD.sign(changed(claims -> claims.put("exp", "soon"))));
      assertRefused(Reason.BAD_TOKEN, OLD.sign(changed(claims -> claims.put("nbf", now + 60))));
      assertRefused(Reason.BAD_TOKEN, OLD.sign(changed(claims -> claims.put("iat", now + 60))));
      assertRefused(Reason.BAD_TOKEN, OLD.sign(changed(claims -> without(claims, "sub"))));
      assertRefused(
          Reason.BAD_TOKEN, OLD.sign(changed(claims -> claims.put("exp", now + 25 * 3_600))));
      assertRefused(Reason.TOKEN_EXPIRED, OLD.sign(changed(claims -> claims.put("exp", now - 60))));
    }

    @Test
    void may_end_a_little_ago_by_a_clock_that_is_ahead() throws Exception {
      settings.put("MADANG_AUTH_CLOCK_SKEW_MS", "60000");
      issuer.show(OLD);
      start();
      long now = Instant.now().getEpochSecond();

      assertThat(principal(OLD.sign(changed(claims -> claims.put("exp", now - 20))))
              .userId())
          .isEqualTo("o_mina");
    }

    @Test
    void takes_its_names_and_roles_from_the_claims_that_are_set() throws Exception {
      settings.put("MADANG_AUTH_CLAIM_USER", "email");
      settings.put("MADANG_AUTH_CLAIM_NAME", "preferred_username");
      settings.put("MADANG_AUTH_CLAIM_ROLES", "realm_access.roles");
      issuer.show(OLD);
      start();

      Principal mina = principal(OLD.sign(changed(claims -> claims
          .put("email", "mina@example.org")
          .put("preferred_username", "SYSTEM")
          .put("realm_access", new JsonObject().put("roles", "moderator premium")))));

      assertThat(mina.userId()).isEqualTo("o_mina@example.org");
      assertThat(mina.name()).as("a name of ours is nobody's").isEqualTo("o_mina@example.org");
      assertThat(mina.roles()).containsExactlyInAnyOrder("moderator", "premium");
    }

    private static JsonObject without(JsonObject claims, String name) {
      claims.remove(name);
      return claims;
    }
  }

  @Nested
  class A_token_by_no_key_of_the_issuer {
    @Test
    void is_refused_however_it_is_made() throws Exception {
      issuer.show(OLD);
      start();
      String claims = issuer.claims("mina", "admin");
      byte[] publicKey = OLD.pair().getPublic().getEncoded();
      String good = OLD.sign(claims);
      String otherClaims = TestIssuerParts.of(OLD.sign(issuer.claims("jun"))).payload();

      assertRefused(Reason.BAD_TOKEN, TestIssuer.unsigned(claims));
      assertRefused(Reason.BAD_TOKEN, STRANGER.sign(claims));
      assertRefused(Reason.BAD_TOKEN, TestIssuer.mac("old", publicKey, claims));
      assertRefused(
          Reason.BAD_TOKEN,
          TestIssuer.mac("old", OLD.pem().getBytes(StandardCharsets.US_ASCII), claims));
      assertRefused(Reason.BAD_TOKEN, TestIssuerParts.of(good).withPayload(otherClaims));
      assertRefused(Reason.BAD_TOKEN, TestIssuerParts.of(good).withSignature(""));
      assertRefused(Reason.BAD_TOKEN, TestIssuerParts.of(good).withHeader("{\"alg\":\"none\"}"));
      assertRefused(
          Reason.BAD_TOKEN,
          TestIssuerParts.of(good)
              .withHeader("{\"alg\":\"RS256\",\"jwk\":" + STRANGER.jwk() + "}"));
      assertRefused(
          Reason.BAD_TOKEN,
          TestIssuerParts.of(good).withHeader("{\"alg\":\"RS256\",\"crit\":[\"x\"]}"));
      assertRefused(Reason.BAD_TOKEN, "x".repeat(OutsideToken.MAX_CHARS + 1));
      assertRefused(Reason.BAD_TOKEN, "a.b.c");
      assertRefused(Reason.BAD_TOKEN, "");
      assertThat(principal(good).userId()).isEqualTo("o_mina");
    }

    @Test
    void is_refused_though_the_set_shows_a_shared_secret() throws Exception {
      byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
      String shown = "{\"kty\":\"oct\",\"kid\":\"mac\",\"k\":\"%s\"}"
          .formatted(Base64.getUrlEncoder().encodeToString(secret));
      issuer.answer(200, "{\"keys\":[" + shown + "," + OLD.jwk() + ",{\"kty\":\"?\"},7]}");
      start();

      assertRefused(Reason.BAD_TOKEN, TestIssuer.mac("mac", secret, issuer.claims("mina")));
    }
  }

  @Nested
  class A_key_that_changes_while_it_runs {
    @Test
    void counts_with_the_first_token_by_it_and_the_old_one_no_more() throws Exception {
      issuer.show(OLD);
      start();
      String before = OLD.sign(issuer.claims("mina"));
      principal(before);
      issuer.show(NEW);

      await()
          .atMost(Duration.ofSeconds(3))
          .ignoreExceptions()
          .until(() -> principal(NEW.sign(issuer.claims("jun"))).userId().equals("o_jun"));
      assertRefused(Reason.BAD_TOKEN, before);
    }

    @Test
    void is_looked_for_once_for_a_crowd_of_unknown_ones() throws Exception {
      settings.put("MADANG_AUTH_JWKS_COOLDOWN_MS", "60000");
      issuer.show(OLD);
      start();

      for (int i = 0; i < 20; i++) {
        assertRefused(Reason.BAD_TOKEN, NEW.sign(issuer.claims("mina")));
      }

      assertThat(issuer.fetches()).isEqualTo(1);
    }

    @Test
    void is_seen_by_itself_after_a_while_and_a_failed_look_changes_nothing() throws Exception {
      settings.put("MADANG_AUTH_JWKS_REFRESH_MS", "1000");
      issuer.show(OLD);
      start();
      issuer.answer(500, "");
      int before = issuer.fetches();
      await().until(() -> issuer.fetches() > before);

      assertThat(principal(OLD.sign(issuer.claims("mina"))).userId()).isEqualTo("o_mina");
    }
  }

  @Nested
  class Without_a_key_that_counts {
    @Test
    void it_does_not_start_and_says_why_in_a_sentence() {
      issuer.answer(200, "{\"keys\":[" + IssuerKey.rsa("short", 1_024).jwk() + "]}");

      assertThatThrownBy(OutsideIssuerTest.this::start)
          .isInstanceOf(OutsideIssuer.NoKeysException.class)
          .hasMessageContaining("MADANG_AUTH_JWKS_URL " + issuer.address())
          .hasMessageContaining("no key in it that can verify a token");
    }

    @Test
    void it_waits_for_an_issuer_that_comes_late() throws Exception {
      issuer.answer(503, "");
      vertx.setTimer(300, later -> issuer.show(OLD));

      start();

      assertThat(principal(OLD.sign(issuer.claims("mina"))).userId()).isEqualTo("o_mina");
    }

    @Test
    void nor_with_more_bytes_than_it_may_bring_but_with_just_as_many() throws Exception {
      String set = "{\"keys\":[" + OLD.jwk() + "]}";
      issuer.answer(200, set);
      settings.put("MADANG_AUTH_JWKS_MAX_BYTES", String.valueOf(set.length() - 1));
      assertThatThrownBy(OutsideIssuerTest.this::start)
          .hasMessageContaining("more than " + (set.length() - 1) + " bytes");

      settings.put("MADANG_AUTH_JWKS_MAX_BYTES", String.valueOf(set.length()));
      start();
    }
  }

  @Nested
  class Keys_by_setting {
    @Test
    void may_be_pem_a_key_a_set_or_a_shared_secret() throws Exception {
      settings.remove("MADANG_AUTH_JWKS_URL");
      byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
      String shared = "{\"kty\":\"oct\",\"kid\":\"mac\",\"k\":\"%s\"}"
          .formatted(Base64.getUrlEncoder().encodeToString(secret));
      Map<String, String> tokens = Map.of(
          OLD.pem(),
          OLD.sign(issuer.claims("mina")),
          NEW.pem(),
          NEW.sign(issuer.claims("mina")),
          NEW.jwk(),
          NEW.sign(issuer.claims("mina")),
          "{\"keys\":[" + OLD.jwk() + "]}",
          OLD.sign(issuer.claims("mina")),
          shared,
          TestIssuer.mac("mac", secret, issuer.claims("mina")));

      for (Map.Entry<String, String> each : tokens.entrySet()) {
        settings.put("MADANG_AUTH_OUTSIDE_KEYS", each.getKey());
        start();
        assertThat(principal(each.getValue()).userId()).isEqualTo("o_mina");
        assertRefused(Reason.BAD_TOKEN, STRANGER.sign(issuer.claims("mina")));
      }
      assertThat(issuer.fetches()).isZero();
    }

    @Test
    void that_are_none_or_come_without_issuer_refuse_to_start_and_are_not_quoted() {
      Settings read = new Settings(
          Map.of("MADANG_AUTH_OUTSIDE_KEYS", "hunter2hunter2", "MADANG_AUTH_OUTSIDE_ISSUER", "i"));
      OutsideConfig.from(read);
      assertThatThrownBy(() -> read.finish(OutsideConfig.SETTINGS))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("MADANG_AUTH_OUTSIDE_AUDIENCE must be set")
          .hasMessageNotContaining("hunter2");

      Settings junk = new Settings(Map.of(
          "MADANG_AUTH_OUTSIDE_KEYS", "hunter2hunter2",
          "MADANG_AUTH_OUTSIDE_ISSUER", "i",
          "MADANG_AUTH_OUTSIDE_AUDIENCE", "a"));
      OutsideConfig.from(junk);
      assertThatThrownBy(() -> junk.finish(OutsideConfig.SETTINGS))
          .hasMessageContaining("must be a JWK, a JWK set, or public keys as PEM")
          .hasMessageNotContaining("hunter2");
    }
  }
}
