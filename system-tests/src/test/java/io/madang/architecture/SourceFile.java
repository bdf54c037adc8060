package io.madang.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One Java file as its author wrote it. Bytecode forgets where a constant came from; the imports here do not.
 *
 * @param path where it lies
 * @param packageName as its package line says
 * @param comments everything inside comments
 * @param code everything else, each literal replaced by {@code ""}
 * @param literals the texts of its strings, text blocks and characters, escapes as written
 */
record SourceFile(
    Path path, String packageName, String comments, String code, List<String> literals) {
  /** In this order at each place: what starts first wins, and a text block starts as a string does. */
  private static final Pattern COMMENT_OR_LITERAL = Pattern.compile(
      "(?<comment>//[^\\n]*|/\\*.*?\\*/)"
          + "|\"\"\"(?<block>.*?(?<!\\\\))\"\"\""
          + "|\"(?<string>[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\""
          + "|'(?<character>(?:\\\\.|[^'\\\\])+)'",
      Pattern.DOTALL);

  private static final Pattern PACKAGE = Pattern.compile("(?m)^package\\s+([\\w.]+)\\s*;");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import\\s+(?:static\\s+)?([\\w.*]+)\\s*;");
  private static final Pattern QUALIFIED_NAME = Pattern.compile(
      "(?<![\\w.])(?:java|javax|jakarta|io|com|org|net|ch)(?:\\.[a-z]\\w*)+\\.[A-Z]\\w*");

  static SourceFile read(Path path) {
    try {
      return of(path, Files.readString(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SourceFile of(Path path, String text) {
    StringBuilder comments = new StringBuilder();
    StringBuilder code = new StringBuilder();
    List<String> literals = new ArrayList<>();
    Matcher next = COMMENT_OR_LITERAL.matcher(text);
    while (next.find()) {
      if (next.group("comment") != null) {
        comments.append(next.group()).append('\n');
        next.appendReplacement(code, " ");
      } else {
        literals.add(literalOf(next));
        next.appendReplacement(code, "\"\"");
      }
    }
    next.appendTail(code);
    Matcher packageLine = PACKAGE.matcher(code);
    if (!packageLine.find()) {
      throw new IllegalArgumentException(path + " says no package");
    }
    return new SourceFile(
        path, packageLine.group(1), comments.toString(), code.toString(), literals);
  }

  /** Every imported name, and every name written out in full. */
  Set<String> uses() {
    Set<String> uses = new TreeSet<>();
    Matcher imported = IMPORT.matcher(code);
    while (imported.find()) {
      uses.add(imported.group(1));
    }
    Matcher written = QUALIFIED_NAME.matcher(IMPORT.matcher(code).replaceAll(""));
    while (written.find()) {
      uses.add(written.group());
    }
    return uses;
  }

  boolean isPackageInfo() {
    return path.endsWith("package-info.java");
  }

  private static String literalOf(Matcher next) {
    for (String kind : List.of("block", "string", "character")) {
      if (next.group(kind) != null) {
        return next.group(kind);
      }
    }
    throw new IllegalStateException("a literal of no kind: " + next.group());
  }
}
