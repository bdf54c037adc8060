package io.madang.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.runtime.config.ConfigException;
import io.madang.runtime.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IdentityConfigTest {
  @Test
  void has_the_defaults_that_are_written_down() {
    assertThat(IdentityConfig.defaults())
        .isEqualTo(new IdentityConfig(
            false,
            true,
            "madang",
            "madang",
            Duration.ofMinutes(15),
            Duration.ofDays(30),
            Duration.ofHours(24),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofDays(30),
            2,
            64,
            19_456,
            2,
            20,
            100,
            30,
            60,
            100_000,
            OriginPolicy.of(List.of())));
  }

  @Test
  void reads_every_key() {
    Settings settings = new Settings(Map.ofEntries(
        Map.entry("MADANG_AUTH_GUESTS", "true"),
        Map.entry("MADANG_AUTH_BUILT_IN", "false"),
        Map.entry("MADANG_AUTH_REVOCATIONS_HELD", "2000"),
        Map.entry("MADANG_AUTH_ISSUER", "here"),
        Map.entry("MADANG_AUTH_AUDIENCE", "there"),
        Map.entry("MADANG_AUTH_ACCESS_LIFETIME_MS", "60000"),
        Map.entry("MADANG_AUTH_REFRESH_LIFETIME_MS", "120000"),
        Map.entry("MADANG_AUTH_GUEST_LIFETIME_MS", "180000"),
        Map.entry("MADANG_AUTH_REFRESH_GRACE_MS", "0"),
        Map.entry("MADANG_AUTH_TICKET_LIFETIME_MS", "5000"),
        Map.entry("MADANG_AUTH_KEY_LIFETIME_MS", "3600000"),
        Map.entry("MADANG_AUTH_HASH_WORKERS", "3"),
        Map.entry("MADANG_AUTH_HASH_QUEUE", "4"),
        Map.entry("MADANG_AUTH_HASH_MEMORY_KIB", "1024"),
        Map.entry("MADANG_AUTH_HASH_PASSES", "5"),
        Map.entry("MADANG_AUTH_FAILURES_PER_NAME", "6"),
        Map.entry("MADANG_AUTH_FAILURES_PER_ADDRESS", "7"),
        Map.entry("MADANG_AUTH_REGISTRATIONS_PER_ADDRESS", "8"),
        Map.entry("MADANG_AUTH_GUESTS_PER_ADDRESS", "9"),
        Map.entry("MADANG_ALLOWED_ORIGINS", "https://a.example, https://b.example")));

    IdentityConfig config = IdentityConfig.from(settings);
    settings.finish(IdentityConfig.SETTINGS);

    assertThat(config)
        .isEqualTo(new IdentityConfig(
            true,
            false,
            "here",
            "there",
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            Duration.ofMinutes(3),
            Duration.ZERO,
            Duration.ofSeconds(5),
            Duration.ofHours(1),
            3,
            4,
            1024,
            5,
            6,
            7,
            8,
            9,
            2_000,
            OriginPolicy.of(List.of("https://a.example", "https://b.example"))));
  }

  @Test
  void lets_a_role_choose_whether_guests_come_in_unless_told() {
    assertThat(IdentityConfig.from(new Settings(Map.of()), true).guests()).isTrue();
    assertThat(IdentityConfig.from(new Settings(Map.of("MADANG_AUTH_GUESTS", "off")), true)
            .guests())
        .isFalse();
  }

  @Test
  void tells_what_does_not_fit_together_and_what_is_no_origin() {
    Settings settings = new Settings(Map.of(
        "MADANG_AUTH_ACCESS_LIFETIME_MS", "86400000",
        "MADANG_AUTH_REFRESH_LIFETIME_MS", "60000",
        "MADANG_ALLOWED_ORIGINS", "*"));
    IdentityConfig.from(settings);

    assertThatThrownBy(() -> settings.finish(IdentityConfig.SETTINGS))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "MADANG_AUTH_ACCESS_LIFETIME_MS must not be above MADANG_AUTH_REFRESH_LIFETIME_MS")
        .hasMessageContaining("MADANG_ALLOWED_ORIGINS must list origins");
  }
}
