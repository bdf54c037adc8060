package io.madang.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The page that shows how a service is written shows one that compiles and is tested. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WriteAServicePageTest {
  private static final Pattern JAVA_BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```$");

  @Test
  void every_block_of_java_stands_so_in_a_source_of_the_example() {
    Page page = Page.read(Module.root().resolve("docs/WRITE-A-SERVICE.md"));
    List<String> blocks = JAVA_BLOCK
        .matcher(page.text())
        .results()
        .map(found -> unindented(found.group(1)))
        .toList();
    List<String> sources = Module.all().stream()
        .filter(module -> module.name().equals("benchmarks"))
        .flatMap(module ->
            Stream.concat(module.productSources().stream(), module.testSources().stream()))
        .map(WriteAServicePageTest::linesOf)
        .toList();

    assertThat(blocks).hasSizeGreaterThan(10);
    assertThat(blocks)
        .filteredOn(block -> sources.stream().noneMatch(source -> source.contains(block)))
        .isEmpty();
  }

  private static String linesOf(SourceFile source) {
    try {
      return unindented(Files.readString(source.path()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whole lines, each between two line ends and without the blanks around it. */
  private static String unindented(String text) {
    return text.lines().map(String::strip).collect(Collectors.joining("\n", "\n", "\n"));
  }
}
