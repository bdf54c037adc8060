package io.madang.distribution.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.runtime.config.Setting;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProductSettingsTest {
  @Test
  void name_each_setting_once() {
    assertThat(ProductSettings.all()).extracting(Setting::key).doesNotHaveDuplicates();
  }

  @Test
  void know_every_setting_that_a_role_reads() {
    Map<String, String> nothing = OwnStores.withPlaceholders(Map.of());
    List<String> read = List.copyOf(OneProcess.check(List.of(RoleKind.values()), nothing, all -> {})
        .effective()
        .keySet());
    assertThat(ProductSettings.all())
        .extracting(Setting::key)
        .as("what is read must be printed and allowed, what is printed must be read")
        .containsExactlyInAnyOrderElementsOf(read);
  }

  @Test
  void are_printed_with_default_unit_and_effect() {
    String page = String.join("\n", ProductSettings.page());
    assertThat(page)
        .contains(
            "  MADANG_HTTP_PORT                       8080  (port, 0 for any free one)\n    Port that clients reach.")
        .contains("  MADANG_START_MS                        120000  (milliseconds)")
        .contains("  MADANG_LOG_FORMAT                      text  (text or json)");
    assertThat(page.lines().map(String::length)).allMatch(length -> length <= 120);
  }
}
