package io.madang.distribution.process;

import io.madang.runtime.config.Setting;
import io.madang.runtime.config.StoreSettings;
import io.madang.runtime.launch.NodeConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Every setting of the product, by who reads it: what a misspelt key is compared with, and what {@code settings} prints. */
public final class ProductSettings {
  private static final int WIDTH = 100;
  private static final String INDENT = "    ";

  private ProductSettings() {}

  /** Title to settings, each setting once, where it stands first. */
  static Map<String, List<Setting<?>>> byReader() {
    Map<String, List<Setting<?>>> groups = new LinkedHashMap<>();
    groups.put("Every process", LaunchConfig.SETTINGS);
    groups.put("Stores", StoreSettings.SETTINGS);
    groups.put("Every process, as a node of the mesh", NodeConfig.SETTINGS);
    for (RoleKind kind : RoleKind.values()) {
      groups.put("Role " + kind.word(), kind.settings());
    }
    Set<String> seen = new LinkedHashSet<>();
    groups.replaceAll((title, settings) ->
        settings.stream().filter(setting -> seen.add(setting.key())).collect(Collectors.toList()));
    groups.values().removeIf(List::isEmpty);
    return groups;
  }

  public static Collection<Setting<?>> all() {
    return byReader().values().stream().flatMap(List::stream).collect(Collectors.toList());
  }

  /** Key, default, unit and effect of every setting, as lines for a terminal. */
  public static List<String> page() {
    List<String> lines = new ArrayList<>();
    byReader().forEach((title, settings) -> {
      lines.add(title);
      settings.forEach(setting -> {
        String head = "  %-38s %s  (%s)".formatted(setting.key(), shown(setting), setting.unit());
        if (head.length() <= WIDTH) {
          lines.add(head);
        } else {
          lines.add("  %-38s (%s)".formatted(setting.key(), setting.unit()));
          lines.addAll(folded("Default: " + shown(setting).replace(",", ", ")));
        }
        lines.addAll(folded(setting.effect() + "."));
      });
      lines.add("");
    });
    lines.add(
        "Settings are environment variables; an unknown MADANG_ name or an unusable value refuses to start.");
    return lines;
  }

  private static String shown(Setting<?> setting) {
    String text = setting.show(setting.defaultValue());
    return text.isEmpty() ? "-" : text;
  }

  private static List<String> folded(String sentence) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(INDENT);
    for (String word : sentence.split(" ", -1)) {
      if (line.length() + word.length() + 1 > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(INDENT);
      }
      line.append(line.length() == INDENT.length() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
