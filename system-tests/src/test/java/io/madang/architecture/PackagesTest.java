package io.madang.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PackagesTest {
  private static final Set<String> NAMES_THAT_SAY_NOTHING =
      Set.of("util", "utils", "common", "commons", "shared", "misc", "helper", "helpers");

  @Nested
  class Each_package {
    @Test
    void says_what_it_is_for_and_what_it_may_import() {
      List<String> silent = new ArrayList<>();
      for (Module module : Module.all()) {
        Map<String, List<String>> lines = mayImport(module);
        for (SourceFile source : roomsOf(module)) {
          if (!lines.containsKey(source.packageName())) {
            silent.add("%s has no package-info.java beside it".formatted(source.path()));
          }
        }
      }
      assertThat(silent).isEmpty();
    }

    @Test
    void imports_what_it_says_and_no_more() {
      List<String> strays = new ArrayList<>();
      for (Module module : Module.all()) {
        Map<String, List<String>> lines = mayImport(module);
        for (SourceFile source : roomsOf(module)) {
          List<String> prefixes = lines.getOrDefault(source.packageName(), List.of());
          for (String name : source.uses()) {
            if (!isOwn(source, name) && !isBelow(prefixes, name)) {
              strays.add(
                  "%s uses %s, its package says %s".formatted(source.path(), name, prefixes));
            }
          }
        }
      }
      assertThat(strays).isEmpty();
    }

    @Test
    void has_a_name_that_says_something() {
      Set<String> empty = new TreeSet<>();
      for (JavaClass javaClass : CompiledModules.ALL) {
        String name = javaClass.getPackageName();
        if (!Collections.disjoint(List.of(name.split("\\.", -1)), NAMES_THAT_SAY_NOTHING)) {
          empty.add(name);
        }
      }
      assertThat(empty).isEmpty();
    }

    @Test
    void depends_on_none_that_depends_on_it() {
      slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(CompiledModules.ALL);
    }
  }

  /** The code a package-info answers for: the product, and in system-tests, which has none, the tests. */
  private static List<SourceFile> roomsOf(Module module) {
    return module.productSources().isEmpty() ? module.testSources() : module.productSources();
  }

  private static boolean isOwn(SourceFile source, String name) {
    return name.matches(Pattern.quote(source.packageName()) + "\\.[A-Z].*");
  }

  private static boolean isBelow(List<String> prefixes, String name) {
    return prefixes.stream()
        .anyMatch(prefix -> name.equals(prefix) || name.startsWith(prefix + "."));
  }

  /** Package name to the prefixes its line lists. */
  private static Map<String, List<String>> mayImport(Module module) {
    Map<String, List<String>> lines = new HashMap<>();
    for (SourceFile source : roomsOf(module)) {
      if (source.isPackageInfo()) {
        lines.put(source.packageName(), prefixesOf(source));
      }
    }
    return lines;
  }

  private static final Pattern MAY_IMPORT =
      Pattern.compile("\\w.*\\. <p>May import: ([\\w., ]+)\\.(?: .*)?");

  private static List<String> prefixesOf(SourceFile packageInfo) {
    String text = packageInfo.comments().replaceAll("[\\s*/]+", " ").strip();
    Matcher line = MAY_IMPORT.matcher(text);
    if (!line.matches()) {
      fail(
          "%s must say what the room is for, then \"<p>May import: java, io.madang.x.\"",
          packageInfo.path());
    }
    return List.of(line.group(1).split(", ?", -1));
  }

  /** Every package is a slice of its own, also one inside another. */
  private static final class ByPackage implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
      return SliceIdentifier.of(javaClass.getPackageName());
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }
}
