package io.madang.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SettingsTest {
  private static final Setting<Integer> PORT =
      Setting.whole("MADANG_PORT", 8080, 1, 65_535, "port", "Where.");
  private static final Setting<Duration> WAIT = Setting.millis(
      "MADANG_WAIT_MS",
      Duration.ofSeconds(1),
      Duration.ofMillis(10),
      Duration.ofMinutes(1),
      "How long.");
  private static final Setting<Boolean> GUESTS = Setting.flag("MADANG_GUESTS", false, "Whether.");
  private static final Setting<Secret> PASSWORD =
      Setting.secret("MADANG_PASSWORD", "The password.");
  private static final Setting<List<String>> MEMBERS =
      Setting.list("MADANG_MEMBERS", List.of(), "Who.");
  private static final List<Setting<?>> ALL = List.of(PORT, WAIT, GUESTS, PASSWORD, MEMBERS);

  @Test
  void what_is_not_set_or_blank_has_its_default() {
    Settings settings = new Settings(Map.of("MADANG_PORT", " ", "PATH", "/bin"));
    assertThat(settings.read(PORT)).isEqualTo(8080);
    assertThat(settings.read(WAIT)).isEqualTo(Duration.ofSeconds(1));
    settings.finish(ALL);
  }

  @Test
  void what_is_set_is_read() {
    Settings settings = new Settings(Map.of(
        "MADANG_PORT",
        "1",
        "MADANG_WAIT_MS",
        "10",
        "MADANG_GUESTS",
        "on",
        "MADANG_MEMBERS",
        "a:1, b:2,"));
    assertThat(settings.read(PORT)).isEqualTo(1);
    assertThat(settings.read(WAIT)).isEqualTo(Duration.ofMillis(10));
    assertThat(settings.read(GUESTS)).isTrue();
    assertThat(settings.read(MEMBERS)).containsExactly("a:1", "b:2");
  }

  @Test
  void every_problem_is_told_at_once() {
    Settings settings = new Settings(Map.of(
        "MADANG_PORT",
        "0",
        "MADANG_WAIT_MS",
        "soon",
        "MADANG_GUESTS",
        "maybe",
        "MADANG_PROT",
        "1"));
    settings.read(PORT);
    settings.read(WAIT);
    settings.read(GUESTS);
    assertThatThrownBy(() -> settings.finish(ALL))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("MADANG_PORT must be from 1 to 65535 but is \"0\"")
        .hasMessageContaining(
            "MADANG_WAIT_MS must be a whole number from 10 to 60000 but is \"soon\"")
        .hasMessageContaining("MADANG_GUESTS must be true or false but is \"maybe\"")
        .hasMessageContaining("MADANG_PROT is not a setting of Madang");
  }

  @Test
  void a_secret_is_never_shown() {
    Settings settings = new Settings(Map.of("MADANG_PASSWORD", "hunter2"));
    Secret secret = settings.read(PASSWORD);
    assertThat(secret.value()).isEqualTo("hunter2");
    assertThat(secret.toString()).isEqualTo("***");
    assertThat(settings.effective()).containsEntry("MADANG_PASSWORD", "***");
  }
}
