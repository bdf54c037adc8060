package io.madang.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One Markdown page of the documentation.
 *
 * @param path where it lies
 * @param text the whole of it
 * @param prose the same without fenced blocks, which hold examples
 */
record Page(Path path, String text, String prose) {
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  static Page read(Path path) {
    try {
      String text = Files.readString(path);
      return new Page(path, text, FENCED.matcher(text).replaceAll(""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The pages for people: the first one and everything below {@code docs}. */
  static List<Page> all() {
    Path root = Module.root();
    try (Stream<Path> files = Files.walk(root.resolve("docs"))) {
      return Stream.concat(Stream.of(root.resolve("README.md")), files)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .map(Page::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What stands between backticks outside of examples, in order. */
  List<String> codes() {
    return CODE.matcher(prose).results().map(found -> found.group(1)).toList();
  }

  /** Where its links lead, as written. */
  List<String> links() {
    return LINK.matcher(prose).results().map(found -> found.group(1)).toList();
  }

  /** What links behind a # may name. */
  Set<String> anchors() {
    Set<String> anchors = new TreeSet<>();
    Matcher heading = HEADING.matcher(prose);
    while (heading.find()) {
      anchors.add(heading
          .group(1)
          .toLowerCase(Locale.ROOT)
          .replaceAll("[^\\p{L}\\p{N} _-]", "")
          .replace(' ', '-'));
    }
    return anchors;
  }

  /** The cells of the rows of every table whose first column is headed so, without the head. */
  List<List<String>> rowsUnder(String firstHead) {
    List<List<String>> rows = new ArrayList<>();
    boolean inside = false;
    for (String line : prose.lines().toList()) {
      if (!line.startsWith("|")) {
        inside = false;
      } else if (line.startsWith("| " + firstHead + " |")) {
        inside = true;
      } else if (inside && !line.startsWith("|--")) {
        rows.add(cells(line));
      }
    }
    return rows;
  }

  private static List<String> cells(String row) {
    return Stream.of(row.substring(1, row.length() - 1).split(" \\| ", -1))
        .map(String::strip)
        .toList();
  }

  /** What stands between backticks in one cell. */
  static List<String> codesIn(String cell) {
    return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
  }

  @Override
  public String toString() {
    return Module.root().relativize(path).toString();
  }
}
