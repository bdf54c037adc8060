package io.madang.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code docs/architecture.puml} as read: the boxes and the arrows between them.
 *
 * @param boxes module name to the package its code lives under
 * @param arrows what a module's product code may depend on
 * @param testArrows what only its tests may depend on
 */
record Picture(Map<String, String> boxes, Set<Arrow> arrows, Set<Arrow> testArrows) {
  private static final Pattern BOX = Pattern.compile("\\[([\\w-]+)] <<([\\w.]+)>>");
  private static final Pattern ARROW = Pattern.compile("\\[([\\w-]+)] (-->|\\.\\.>) \\[([\\w-]+)]");
  private static final Pattern DECORATION = Pattern.compile("@startuml|@enduml|title .*|'.*|");

  /** One module depends on another, by module name. */
  record Arrow(String from, String to) implements Comparable<Arrow> {
    @Override
    public int compareTo(Arrow other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return from + " -> " + to;
    }
  }

  /** Reads the picture; a line it does not understand is an error, for it would be an arrow that holds nobody. */
  static Picture read(Path file) {
    Picture picture = new Picture(new LinkedHashMap<>(), new TreeSet<>(), new TreeSet<>());
    for (String line : lines(file)) {
      Matcher box = BOX.matcher(line);
      Matcher arrow = ARROW.matcher(line);
      if (box.matches()) {
        picture.boxes.put(box.group(1), box.group(2));
      } else if (arrow.matches()) {
        Set<Arrow> kind = arrow.group(2).equals("-->") ? picture.arrows : picture.testArrows;
        kind.add(new Arrow(arrow.group(1), arrow.group(3)));
      } else if (!DECORATION.matcher(line).matches()) {
        throw new IllegalArgumentException(
            file + " has a line that is neither box nor arrow: " + line);
      }
    }
    return picture;
  }

  /** The module whose box holds a package, or null when none does. */
  String boxOf(String packageName) {
    for (Map.Entry<String, String> box : boxes.entrySet()) {
      if (packageName.equals(box.getValue()) || packageName.startsWith(box.getValue() + ".")) {
        return box.getKey();
      }
    }
    return null;
  }

  private static Iterable<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
