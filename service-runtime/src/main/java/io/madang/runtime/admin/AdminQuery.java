package io.madang.runtime.admin;

import io.madang.runtime.inspect.Inspection;
import io.madang.runtime.inspect.MeshView;
import io.madang.runtime.topic.Topic;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is asked of the page.
 *
 * @param view which part
 * @param inspection of which topics, and how many of them
 * @param within how long each node may take
 */
public record AdminQuery(MeshView view, Inspection inspection, Duration within) {
  static final int DEFAULT_WITHIN_MS = 1_000;
  static final int MIN_WITHIN_MS = 100;
  static final int MAX_WITHIN_MS = 10_000;

  private static final List<String> PARAMETERS =
      List.of("view", "prefix", "topic", "top", "withinMs");

  /** It makes no sense; the message is one sentence for who asked. */
  public static final class BadQueryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadQueryException(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * @param parameters {@code view}, and what is wanted of {@code topic}, {@code prefix}, {@code top} and {@code withinMs}
   * @throws BadQueryException with what is wrong
   */
  public static AdminQuery of(Map<String, String> parameters) {
    TreeSet<String> unknown = new TreeSet<>(parameters.keySet());
    PARAMETERS.forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new BadQueryException("There is no parameter %s; there are %s."
          .formatted(String.join(", ", unknown), String.join(", ", PARAMETERS)));
    }
    return new AdminQuery(
        view(parameters.get("view")),
        inspection(parameters),
        Duration.ofMillis(
            number(parameters, "withinMs", DEFAULT_WITHIN_MS, MIN_WITHIN_MS, MAX_WITHIN_MS)));
  }

  private static MeshView view(String word) {
    return Optional.ofNullable(word)
        .flatMap(MeshView::of)
        .orElseThrow(() -> new BadQueryException("The view is one of %s."
            .formatted(Arrays.stream(MeshView.values())
                .map(MeshView::word)
                .collect(Collectors.joining(", ")))));
  }

  private static Inspection inspection(Map<String, String> parameters) {
    Inspection all =
        Inspection.ofTop(number(parameters, "top", Inspection.DEFAULT_TOP, 1, Inspection.MAX_TOP));
    Optional<String> topic = Optional.ofNullable(parameters.get("topic"));
    Optional<String> prefix = Optional.ofNullable(parameters.get("prefix"));
    if (topic.isPresent() && prefix.isPresent()) {
      throw new BadQueryException("Name a topic or a prefix, not both.");
    }
    return topic
        .map(name -> all.about(List.of(parsed(name))))
        .or(() -> prefix.map(of -> all.ofPrefix(parsed(of).prefix())))
        .orElse(all);
  }

  private static Topic parsed(String name) {
    try {
      return Topic.parse(name);
    } catch (IllegalArgumentException e) {
      throw new BadQueryException("\"%s\" is no topic: %s.".formatted(name, e.getMessage()));
    }
  }

  private static int number(
      Map<String, String> parameters, String name, int otherwise, int min, int max) {
    String text = parameters.get(name);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("\\d{1,6}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
      throw new BadQueryException("%s is a whole number from %d to %d.".formatted(name, min, max));
    }
    return Integer.parseInt(text);
  }
}
