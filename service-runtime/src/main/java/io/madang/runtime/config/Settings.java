package io.madang.runtime.config;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The environment of one process while its configuration records are made from it. Collects every problem; {@link #finish}
 * tells them all. Used on the starting thread only.
 */
public final class Settings {
  private static final String PREFIX = "MADANG_";

  private final Map<String, String> environment;
  /** In the order found; a setting that is read twice is wrong once. */
  private final Set<String> problems = new LinkedHashSet<>();

  /** What every setting read so far came to, for the log; secrets as stars. */
  private final Map<String, String> effective = new TreeMap<>();

  /** Empty values count as not set, as compose files and shells pass them. */
  public Settings(Map<String, String> environment) {
    this.environment = environment.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(PREFIX) && !entry.getValue().isBlank())
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().strip()));
  }

  /** The value, or the default when it is not set or not usable; the problem is then told by {@link #finish}. */
  public <T> T read(Setting<T> setting) {
    return read(setting, setting.defaultValue());
  }

  /** As {@link #read(Setting)} with another default, for a default that depends on the role. */
  public <T> T read(Setting<T> setting, T defaultValue) {
    T value = defaultValue;
    String text = environment.get(setting.key());
    if (text != null) {
      try {
        value = setting.read(text);
      } catch (IllegalArgumentException e) {
        String shown = setting.isSecret() ? "" : " but is \"" + text + "\"";
        problems.add(setting.key() + " " + e.getMessage() + shown + " (" + setting.unit() + ").");
      }
    }
    effective.put(setting.key(), setting.show(value));
    return value;
  }

  public boolean isSet(Setting<?> setting) {
    return environment.containsKey(setting.key());
  }

  /** Notes a problem between settings; one sentence that names them and what to do. */
  public void problem(String sentence) {
    problems.add(sentence);
  }

  /**
   * Ends reading.
   *
   * @param known every setting of the product, so that a misspelt key is found whatever the role
   * @throws ConfigException with every problem found since the start
   */
  public void finish(Collection<Setting<?>> known) {
    Set<String> knownKeys =
        known.stream().map(Setting::key).collect(Collectors.toCollection(TreeSet::new));
    for (String key : new TreeSet<>(environment.keySet())) {
      if (!knownKeys.contains(key)) {
        problems.add(key + " is not a setting of Madang; remove it or correct its name.");
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(List.copyOf(problems));
    }
  }

  /** Key to value as used, sorted, secrets as stars. */
  public Map<String, String> effective() {
    return new TreeMap<>(effective);
  }
}
