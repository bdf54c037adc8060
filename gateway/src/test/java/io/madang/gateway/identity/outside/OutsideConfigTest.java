package io.madang.gateway.identity.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.runtime.config.Secret;
import io.madang.runtime.config.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OutsideConfigTest {
  @Test
  void has_the_defaults_that_are_written_down() {
    assertThat(OutsideConfig.defaults())
        .isEqualTo(new OutsideConfig(
            Optional.empty(),
            new Secret(""),
            "",
            "",
            "sub",
            "name",
            "roles",
            Duration.ofSeconds(30),
            Duration.ofHours(24),
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            256 * 1024));
    assertThat(OutsideConfig.defaults().isOn()).isFalse();
  }

  @Test
  void reads_every_key() {
    Settings settings = new Settings(Map.ofEntries(
        Map.entry("MADANG_AUTH_JWKS_URL", "https://issuer.example/keys"),
        Map.entry("MADANG_AUTH_OUTSIDE_ISSUER", "https://issuer.example"),
        Map.entry("MADANG_AUTH_OUTSIDE_AUDIENCE", "us"),
        Map.entry("MADANG_AUTH_CLAIM_USER", "uid"),
        Map.entry("MADANG_AUTH_CLAIM_NAME", "nick"),
        Map.entry("MADANG_AUTH_CLAIM_ROLES", "groups"),
        Map.entry("MADANG_AUTH_CLOCK_SKEW_MS", "0"),
        Map.entry("MADANG_AUTH_OUTSIDE_LIFETIME_MS", "60000"),
        Map.entry("MADANG_AUTH_JWKS_REFRESH_MS", "1000"),
        Map.entry("MADANG_AUTH_JWKS_COOLDOWN_MS", "100"),
        Map.entry("MADANG_AUTH_JWKS_TIMEOUT_MS", "200"),
        Map.entry("MADANG_AUTH_JWKS_MAX_BYTES", "256")));

    OutsideConfig config = OutsideConfig.from(settings);
    settings.finish(OutsideConfig.SETTINGS);

    assertThat(config)
        .isEqualTo(new OutsideConfig(
            Optional.of(URI.create("https://issuer.example/keys")),
            new Secret(""),
            "https://issuer.example",
            "us",
            "uid",
            "nick",
            "groups",
            Duration.ZERO,
            Duration.ofMinutes(1),
            Duration.ofSeconds(1),
            Duration.ofMillis(100),
            Duration.ofMillis(200),
            256));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://issuer.example/keys", "file:///etc/passwd", "keys", "https:/x"})
  void refuses_an_address_at_which_anybody_could_put_keys(String address) {
    Settings settings = new Settings(Map.of("MADANG_AUTH_JWKS_URL", address));
    OutsideConfig.from(settings);

    assertThatThrownBy(() -> settings.finish(OutsideConfig.SETTINGS))
        .hasMessageContaining("MADANG_AUTH_JWKS_URL must be an");
  }

  @Test
  void tells_of_an_issuer_without_keys_and_of_keys_twice() {
    Settings without = new Settings(Map.of("MADANG_AUTH_OUTSIDE_ISSUER", "i"));
    OutsideConfig.from(without);
    assertThatThrownBy(() -> without.finish(OutsideConfig.SETTINGS))
        .hasMessageContaining("are of no use without");

    Settings twice = new Settings(
        Map.of("MADANG_AUTH_JWKS_URL", "https://i.example/k", "MADANG_AUTH_OUTSIDE_KEYS", "{}"));
    OutsideConfig.from(twice);
    assertThatThrownBy(() -> twice.finish(OutsideConfig.SETTINGS)).hasMessageContaining("not both");
  }
}
