package io.madang.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.chat.sequencer.LaneLimits;
import io.madang.chat.upload.UploadLimits;
import io.madang.runtime.config.ConfigException;
import io.madang.runtime.config.Secret;
import io.madang.runtime.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ChatConfigTest {
  @Nested
  class The_configuration {
    @Test
    void has_these_defaults() {
      assertThat(ChatConfig.defaults())
          .isEqualTo(new ChatConfig(
              new Secret(""),
              4,
              new LaneLimits(8_000, 256, Duration.ofMillis(5), Duration.ofSeconds(4)),
              8,
              Duration.ofMillis(300),
              1_000,
              Duration.ofSeconds(1),
              Duration.ofDays(7),
              new UploadLimits(
                  25 * 1024 * 1024,
                  List.of(
                      "image/png",
                      "image/jpeg",
                      "image/gif",
                      "image/webp",
                      "audio/*",
                      "video/*",
                      "text/plain",
                      "application/pdf",
                      "application/zip",
                      "application/octet-stream"),
                  8,
                  Duration.ofHours(24)),
              Duration.ofSeconds(60)));
    }

    @Test
    void reads_every_key() {
      Settings settings = new Settings(Map.ofEntries(
          Map.entry("MADANG_POSTGRES_URL", "postgresql://a:b@c:1/d"),
          Map.entry("MADANG_CHAT_LANES", "2"),
          Map.entry("MADANG_CHAT_QUEUE", "3"),
          Map.entry("MADANG_CHAT_GROUP", "4"),
          Map.entry("MADANG_CHAT_REST_MS", "0"),
          Map.entry("MADANG_CHAT_WAIT_MS", "500"),
          Map.entry("MADANG_CHAT_POOL", "6"),
          Map.entry("MADANG_CHAT_UNREAD_MS", "70"),
          Map.entry("MADANG_CHAT_UNREAD_MEMBERS", "8"),
          Map.entry("MADANG_CHAT_TYPING_MS", "9"),
          Map.entry("MADANG_CHAT_RECORDED_MS", "600000"),
          Map.entry("MADANG_CHAT_UPLOAD_MAX_BYTES", "12"),
          Map.entry("MADANG_CHAT_UPLOAD_TYPES", "image/*, text/css"),
          Map.entry("MADANG_CHAT_UPLOADS_OPEN", "13"),
          Map.entry("MADANG_CHAT_UPLOAD_UNFINISHED_MS", "14000"),
          Map.entry("MADANG_CHAT_STORE_WAIT_MS", "11")));
      ChatConfig config = ChatConfig.from(settings);
      settings.finish(ChatConfig.SETTINGS);
      assertThat(config)
          .isEqualTo(new ChatConfig(
              new Secret("postgresql://a:b@c:1/d"),
              2,
              new LaneLimits(3, 4, Duration.ZERO, Duration.ofMillis(500)),
              6,
              Duration.ofMillis(70),
              8,
              Duration.ofMillis(9),
              Duration.ofMinutes(10),
              new UploadLimits(12, List.of("image/*", "text/css"), 13, Duration.ofSeconds(14)),
              Duration.ofMillis(11)));
    }

    @Test
    void wants_a_database() {
      Settings settings = new Settings(Map.of());
      ChatConfig.from(settings);
      assertThatThrownBy(() -> settings.finish(ChatConfig.SETTINGS))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("MADANG_POSTGRES_URL");
    }
  }
}
