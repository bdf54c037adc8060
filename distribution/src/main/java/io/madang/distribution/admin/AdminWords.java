package io.madang.distribution.admin;

import io.madang.runtime.inspect.MeshView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The words behind {@code madang admin}.
 *
 * @param view which part of the mesh
 * @param json whether the answer is shown as it came, for programs
 * @param at {@code host:port} of the process to ask; absent: one that is found
 * @param asked further parameters of the question, by name
 */
record AdminWords(MeshView view, boolean json, Optional<String> at, Map<String, String> asked) {

  static final List<String> USAGE = List.of(
      "Usage: madang admin VIEW [--json] [--top N] [--prefix P | --topic T] [--within MS] [--at HOST:PORT]",
      "",
      "  nodes          every process of the mesh: what it runs, since when, whether it is heard and takes commands",
      "  interest       what each gateway wants of each service, what the service's nodes know of it, and what is on its way",
      "  topics         the topics that are heard, and at which gateways",
      "  positions      how far each gateway is behind the owners of its topics; holes repaired, catch-ups, batches sent again",
      "",
      "  --json         the answer as JSON",
      "  --top N        at most N topics, those with holes and those most wanted first (20; at most 200)",
      "  --prefix P     only topics of that prefix, such as room",
      "  --topic T      one topic, such as room:dev",
      "  --within MS    how long each process may take to answer (1000)",
      "  --at HOST:PORT the process to ask, by its health port; else MADANG_HEALTH_PORT, else whatever runs on the data directory",
      "",
      "HELD is how many subscriptions of connections want a topic; it is 0 for half a minute after the last. LAG is how many offsets",
      "lie between the owner's HEAD and what a gateway delivered LAST; the owner is asked first, so LAST may be ahead. WAITING",
      "publications came and wait for one before them.",
      "",
      "A process answers its own machine. From elsewhere it wants MADANG_ADMIN_SECRET, which both sides must have.");

  /** They make no sense; the message is one sentence. */
  static final class BadWordsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadWordsException(String message) {
      super(message, null, false, false);
    }
  }

  AdminWords {
    asked = Map.copyOf(asked);
  }

  /** Whether somebody only wants to know what there is. */
  static boolean wantHelp(List<String> words) {
    return words.isEmpty() || words.contains("--help") || words.contains("-h");
  }

  /** @throws BadWordsException with what is wrong and what there is */
  static AdminWords of(List<String> words) {
    Optional<MeshView> view = Optional.empty();
    boolean json = false;
    Optional<String> at = Optional.empty();
    Map<String, String> asked = new TreeMap<>();
    Iterator<String> each = words.iterator();
    while (each.hasNext()) {
      String word = each.next();
      switch (word) {
        case "--json" -> json = true;
        case "--at" -> at = Optional.of(address(valueOf(word, each)));
        case "--top" -> asked.put("top", valueOf(word, each));
        case "--prefix" -> asked.put("prefix", valueOf(word, each));
        case "--topic" -> asked.put("topic", valueOf(word, each));
        case "--within" -> asked.put("withinMs", valueOf(word, each));
        default -> {
          if (view.isPresent() || word.startsWith("-")) {
            throw new BadWordsException(
                "madang admin does not know \"%s\"; see madang admin --help.".formatted(word));
          }
          view = Optional.of(view(word));
        }
      }
    }
    return new AdminWords(
        view.orElseThrow(
            () -> new BadWordsException("Say what to look at: %s.".formatted(views()))),
        json,
        at,
        asked);
  }

  private static MeshView view(String word) {
    return MeshView.of(word)
        .orElseThrow(() -> new BadWordsException(
            "madang admin cannot show \"%s\"; it shows %s.".formatted(word, views())));
  }

  private static String views() {
    return Arrays.stream(MeshView.values()).map(MeshView::word).collect(Collectors.joining(", "));
  }

  private static String valueOf(String option, Iterator<String> words) {
    if (!words.hasNext()) {
      throw new BadWordsException(
          "%s needs a value behind it; see madang admin --help.".formatted(option));
    }
    return words.next();
  }

  static String address(String text) {
    String address = text.replaceFirst("^http://", "").replaceFirst("/$", "");
    if (!address.matches("[^\\s/@]+:\\d{1,5}")) {
      throw new BadWordsException(
          "--at is HOST:PORT of a process's health pages, and is \"%s\".".formatted(text));
    }
    return address;
  }

  /** The question as the page of a process takes it, from the {@code ?} on. */
  String query() {
    return asked.entrySet().stream()
        .map(each ->
            "&" + each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
        .sorted()
        .collect(Collectors.joining("", "?view=" + view.word(), ""));
  }
}
