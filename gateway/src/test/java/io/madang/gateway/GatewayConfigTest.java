package io.madang.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.gateway.edge.signalr.http.HubRedirect;
import io.madang.gateway.limit.AddressRange;
import io.madang.runtime.config.ConfigException;
import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GatewayConfigTest {
  private static final Map<String, String> OTHER_VALUES = new TreeMap<>(Map.ofEntries(
      Map.entry("MADANG_HTTP_HOST", "0.0.0.0"),
      Map.entry("MADANG_HTTP_PORT", "1"),
      Map.entry("MADANG_HTTP_LOOPS", "2"),
      Map.entry("MADANG_WS_MAX_MESSAGE_BYTES", "3000"),
      Map.entry("MADANG_WS_COMPRESSION", "true"),
      Map.entry("MADANG_HTTP_MAX_BODY_BYTES", "4000"),
      Map.entry("MADANG_HTTP_MAX_HEADER_BYTES", "5000"),
      Map.entry("MADANG_HANDSHAKE_TIMEOUT_MS", "6000"),
      Map.entry("MADANG_KEEP_ALIVE_MS", "7000"),
      Map.entry("MADANG_CLIENT_TIMEOUT_MS", "8000"),
      Map.entry("MADANG_HTTP_IDLE_TIMEOUT_MS", "9000"),
      Map.entry("MADANG_COMMAND_RATE", "10"),
      Map.entry("MADANG_COMMAND_BURST", "11"),
      Map.entry("MADANG_USER_COMMAND_RATE", "0"),
      Map.entry("MADANG_USER_COMMAND_BURST", "21"),
      Map.entry("MADANG_MAX_PENDING", "12"),
      Map.entry("MADANG_MAX_PENDING_BYTES", "120000"),
      Map.entry("MADANG_MAX_CLIENT_QUESTIONS", "31"),
      Map.entry("MADANG_MAX_TOPICS", "13"),
      Map.entry("MADANG_STREAM_TOPICS", "29"),
      Map.entry("MADANG_LAGGING_BYTES", "27000"),
      Map.entry("MADANG_STALLED_MS", "28000"),
      Map.entry("MADANG_MAX_OUTBOUND_BYTES", "140000"),
      Map.entry("MADANG_MAX_RESUMED_BYTES", "24000"),
      Map.entry("MADANG_ACCEPT_RATE", "15"),
      Map.entry("MADANG_CONNECTIONS_PER_ADDRESS", "16"),
      Map.entry("MADANG_CONNECTIONS_PER_USER", "17"),
      Map.entry("MADANG_TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
      Map.entry("MADANG_SIGNALR_REDIRECT_URL", "https://hubs.example.org/live/"),
      Map.entry("MADANG_TOPIC_LINGER_MS", "19000"),
      Map.entry("MADANG_TOPIC_RECENT_BYTES", "26000"),
      Map.entry("MADANG_DRAIN_ANNOUNCE_MS", "19500"),
      Map.entry("MADANG_DRAIN_MS", "20000"),
      Map.entry("MADANG_HUB_RESUME_MS", "21000"),
      Map.entry("MADANG_HUB_REPLAY_BYTES", "30000"),
      Map.entry("MADANG_HUB_REPLAY_ALL_BYTES", "31000"),
      Map.entry("MADANG_MISSED_SERVICE_UNREADY_MS", "22000"),
      Map.entry("MADANG_MISSED_SERVICE_CLOSE_MS", "23000"),
      Map.entry("MADANG_LIMITS", "strict")));

  @Test
  void has_the_defaults_that_are_written_down() {
    assertThat(GatewayConfig.defaults())
        .isEqualTo(new GatewayConfig(
            "127.0.0.1",
            8080,
            0,
            32_768,
            false,
            65_536,
            16_384,
            Duration.ofSeconds(15),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofSeconds(75),
            200,
            400,
            400,
            800,
            256,
            1_048_576,
            32,
            1_000,
            20,
            262_144,
            Duration.ofSeconds(30),
            1_048_576,
            786_432,
            2_000,
            10_000,
            100,
            List.of(),
            Optional.empty(),
            Duration.ofSeconds(30),
            131_072,
            Duration.ZERO,
            Duration.ofSeconds(15),
            Duration.ofSeconds(15),
            100_000,
            268_435_456,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30)));
  }

  @Test
  void reads_every_key() {
    assertThat(OTHER_VALUES.keySet())
        .containsExactlyInAnyOrderElementsOf(
            GatewayConfig.SETTINGS.stream().map(Setting::key).toList());
    assertThat(GatewayConfig.from(new Settings(OTHER_VALUES)))
        .isEqualTo(new GatewayConfig(
            "0.0.0.0",
            1,
            2,
            3_000,
            true,
            4_000,
            5_000,
            Duration.ofSeconds(6),
            Duration.ofSeconds(7),
            Duration.ofSeconds(8),
            Duration.ofSeconds(9),
            10,
            11,
            0,
            21,
            12,
            120_000,
            31,
            13,
            29,
            27_000,
            Duration.ofSeconds(28),
            140_000,
            24_000,
            15,
            16,
            17,
            List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("::1")),
            Optional.of(HubRedirect.parse("https://hubs.example.org/live")),
            Duration.ofSeconds(19),
            26_000,
            Duration.ofMillis(19_500),
            Duration.ofSeconds(20),
            Duration.ofSeconds(21),
            30_000,
            31_000,
            Duration.ofSeconds(22),
            Duration.ofSeconds(23)));
  }

  @Test
  void is_strict_where_nothing_else_is_said() {
    GatewayConfig strict = GatewayConfig.from(new Settings(Map.of("MADANG_LIMITS", "strict")));
    GatewayConfig raised = GatewayConfig.from(
        new Settings(Map.of("MADANG_LIMITS", "strict", "MADANG_COMMAND_RATE", "50")));

    assertThat(strict.commandsPerSecond()).isEqualTo(5);
    assertThat(strict.commandBurst()).isEqualTo(10);
    assertThat(strict.userCommandsPerSecond()).isEqualTo(2);
    assertThat(strict.userCommandBurst()).isEqualTo(100);
    assertThat(raised.commandsPerSecond()).isEqualTo(50);
    assertThat(raised.commandBurst()).isEqualTo(10);
  }

  @Test
  void tells_every_problem_at_once() {
    Settings settings = new Settings(Map.of(
        "MADANG_CLIENT_TIMEOUT_MS", "15000",
        "MADANG_TRUSTED_PROXIES", "proxy.example",
        "MADANG_LAGGING_BYTES", "1048576",
        "MADANG_MAX_RESUMED_BYTES", "1048576",
        "MADANG_LIMITS", "loose"));
    GatewayConfig.from(settings);

    assertThatThrownBy(() -> settings.finish(GatewayConfig.SETTINGS))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("MADANG_CLIENT_TIMEOUT_MS must be above MADANG_KEEP_ALIVE_MS")
        .hasMessageContaining("MADANG_LAGGING_BYTES must be below MADANG_MAX_OUTBOUND_BYTES")
        .hasMessageContaining("MADANG_MAX_RESUMED_BYTES must be below MADANG_MAX_OUTBOUND_BYTES")
        .hasMessageContaining("MADANG_TRUSTED_PROXIES must list")
        .hasMessageContaining("MADANG_LIMITS must be normal or strict");
  }
}
