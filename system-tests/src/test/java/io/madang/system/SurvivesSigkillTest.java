package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Killed in the middle of its work, it is started again on the same data, and all that was acknowledged is there. */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class SurvivesSigkillTest {
  private static final int MESSAGES = 50;

  @TempDir
  private Path temp;

  @Test
  void with_every_acknowledged_message() {
    String token;
    try (Launched first = Launched.start("all", temp.resolve("data"), Map.of()).awaitReady()) {
      token = first.guest("mina");
      first.command(token, "joinRoom", "{\"room\":\"dev\"}");
      for (int i = 1; i <= MESSAGES; i++) {
        first.command(
            token, "sendToRoom", "{\"room\":\"dev\",\"text\":\"message %d.\"}".formatted(i));
      }
      first.process().kill();
      first.awaitExit();

      try (Launched second = first.again("all", Map.of()).awaitReady()) {
        String messages =
            second.command(token, "recentMessages", "{\"room\":\"dev\",\"take\":200}");
        for (int i = 1; i <= MESSAGES; i++) {
          assertThat(messages).contains("\"message %d.\"".formatted(i));
        }
        assertThat(second.command(token, "sendToRoom", "{\"room\":\"dev\",\"text\":\"on we go\"}"))
            .contains("\"offset\":" + (MESSAGES + 2));
      }
    }
  }
}
