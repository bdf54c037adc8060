package io.madang.runtime.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One thing an operator can change: an environment variable with its default, how it is read, and what it does.
 *
 * @param <T> what the text is read to
 */
public final class Setting<T> {
  private final String key;
  private final String effect;
  private final T defaultValue;
  private final String unit;

  /** Reads a non-empty text, or throws IllegalArgumentException with the end of a sentence: "must be …". */
  private final Function<String, T> reader;

  private Setting(
      String key, T defaultValue, String unit, String effect, Function<String, T> reader) {
    if (!key.matches("MADANG_[A-Z0-9_]+")) {
      throw new IllegalArgumentException("a setting's key is MADANG_ and capitals: " + key);
    }
    this.key = key;
    this.effect = effect;
    this.defaultValue = defaultValue;
    this.unit = unit;
    this.reader = reader;
  }

  public static Setting<String> text(String key, String defaultValue, String effect) {
    return new Setting<>(key, defaultValue, "text", effect, text -> text);
  }

  public static Setting<Optional<String>> optionalText(String key, String effect) {
    return new Setting<>(key, Optional.empty(), "text", effect, Optional::of);
  }

  public static Setting<Secret> secret(String key, String effect) {
    return new Setting<>(key, new Secret(""), "secret", effect, Secret::new);
  }

  public static Setting<Boolean> flag(String key, boolean defaultValue, String effect) {
    return new Setting<>(key, defaultValue, "true or false", effect, Setting::readFlag);
  }

  /** A whole number of {@code unit}, both bounds allowed. */
  public static Setting<Integer> whole(
      String key, int defaultValue, int min, int max, String unit, String effect) {
    return new Setting<>(key, defaultValue, unit, effect, text -> (int) readWhole(text, min, max));
  }

  /** A time in whole milliseconds, both bounds allowed; its key ends in {@code _MS}. */
  public static Setting<Duration> millis(
      String key, Duration defaultValue, Duration min, Duration max, String effect) {
    return new Setting<>(
        key,
        defaultValue,
        "milliseconds",
        effect,
        text -> Duration.ofMillis(readWhole(text, min.toMillis(), max.toMillis())));
  }

  /** Values separated by commas; blanks around them do not count. */
  public static Setting<List<String>> list(String key, List<String> defaultValue, String effect) {
    return new Setting<>(
        key,
        defaultValue,
        "comma-separated list",
        effect,
        text -> Arrays.stream(text.split(","))
            .map(String::strip)
            .filter(item -> !item.isEmpty())
            .toList());
  }

  /** Anything else; {@code reader} throws IllegalArgumentException with "must be …". */
  public static <T> Setting<T> of(
      String key, T defaultValue, String unit, String effect, Function<String, T> reader) {
    return new Setting<>(key, defaultValue, unit, effect, reader);
  }

  private static boolean readFlag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes", "1" -> true;
      case "false", "off", "no", "0" -> false;
      default -> throw new IllegalArgumentException("must be true or false");
    };
  }

  private static long readWhole(String text, long min, long max) {
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be a whole number from " + min + " to " + max, e);
    }
    if (value < min || value > max) {
      throw new IllegalArgumentException("must be from " + min + " to " + max);
    }
    return value;
  }

  public String key() {
    return key;
  }

  public T defaultValue() {
    return defaultValue;
  }

  public String unit() {
    return unit;
  }

  /** What it does, one sentence. */
  public String effect() {
    return effect;
  }

  /** Whether its value may be shown. */
  public boolean isSecret() {
    return defaultValue instanceof Secret;
  }

  /** A value as one would write it in the environment; stars for a secret, nothing for no value. */
  public String show(Object value) {
    if (value instanceof Secret secret) {
      return secret.toString();
    }
    if (value instanceof Optional<?> optional) {
      return optional.map(this::show).orElse("");
    }
    if (value instanceof Duration time) {
      return String.valueOf(time.toMillis());
    }
    if (value instanceof Collection<?> values) {
      return values.stream().map(this::show).collect(Collectors.joining(","));
    }
    return value instanceof Enum<?> word
        ? word.name().toLowerCase(Locale.ROOT)
        : String.valueOf(value);
  }

  T read(String text) {
    return reader.apply(text);
  }
}
