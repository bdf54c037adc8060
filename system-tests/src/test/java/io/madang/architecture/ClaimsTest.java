package io.madang.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.distribution.process.ProductSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the pages say is there, is there. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClaimsTest {
  private final List<Page> pages = Page.all();

  @Nested
  class Each_claim {
    @Test
    void is_proved_by_a_test_that_exists() {
      Map<String, List<SourceFile>> tests = new HashMap<>();
      for (Module module : Module.all()) {
        for (SourceFile source : module.testSources()) {
          String name = source.path().getFileName().toString().replace(".java", "");
          tests.computeIfAbsent(name, first -> new ArrayList<>()).add(source);
        }
      }
      List<List<String>> claims =
          Page.read(Module.root().resolve("docs/ARCHITECTURE.md")).rowsUnder("Claim");
      assertThat(claims).as("the table of claims").hasSizeGreaterThan(10);
      List<String> missing = new ArrayList<>();
      for (List<String> claim : claims) {
        List<String> proofs = Page.codesIn(claim.get(1));
        if (proofs.isEmpty()) {
          missing.add("nothing proves: " + claim.get(0));
        }
        for (String proof : proofs) {
          String[] parts = proof.split("\\.", -1);
          boolean there = tests.getOrDefault(parts[0], List.of()).stream()
              .anyMatch(source -> declaresAll(source, parts));
          if (!there) {
            missing.add(proof);
          }
        }
      }
      assertThat(missing).isEmpty();
    }

    private boolean declaresAll(SourceFile source, String... parts) {
      for (String part : parts) {
        Pattern declaration = Pattern.compile("\\b(class|void) " + Pattern.quote(part) + "\\b");
        if (!declaration.matcher(source.code()).find()) {
          return false;
        }
      }
      return true;
    }
  }

  @Nested
  class Each_name {
    private static final Pattern CLASS =
        Pattern.compile("(?:[a-z]+\\.)*([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)?)(?:\\.[A-Za-z]\\w*)?");
    private static final Pattern TYPE =
        Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");
    private static final Pattern SETTING = Pattern.compile("\\bMADANG_[A-Z_]*[A-Z]\\b");

    /** Test classes are left to the claims. What clients of hubs call and hear begins with a capital too. */
    @Test
    void of_a_class_is_that_of_one_of_ours_or_one_that_services_show_at_hubs() {
      Set<String> types = new TreeSet<>();
      for (Module module : Module.all()) {
        for (SourceFile source : module.productSources()) {
          TYPE.matcher(source.code()).results().forEach(type -> types.add(type.group(1)));
          if (source.path().getFileName().toString().endsWith("Hubs.java")) {
            types.addAll(source.literals());
          }
        }
      }
      List<String> strays = new ArrayList<>();
      for (Page page : pages) {
        for (String code : page.codes()) {
          Matcher name = CLASS.matcher(code);
          if (name.matches() && !name.group(1).endsWith("Test") && !types.contains(name.group(1))) {
            strays.add("%s says %s".formatted(page, code));
          }
        }
      }
      assertThat(strays).isEmpty();
    }

    @Test
    void of_a_setting_is_that_of_one_there_is() {
      Set<String> settings = ProductSettings.page().stream()
          .flatMap(line -> SETTING.matcher(line).results())
          .map(found -> found.group())
          .collect(Collectors.toSet());
      assertThat(settings).contains("MADANG_HTTP_PORT");
      List<String> strays = new ArrayList<>();
      for (Page page : pages) {
        SETTING
            .matcher(page.text())
            .results()
            .map(found -> found.group())
            .filter(name -> !settings.contains(name))
            .forEach(name -> strays.add("%s says %s".formatted(page, name)));
      }
      assertThat(strays).isEmpty();
    }
  }

  @Nested
  class Each_link {
    @Test
    void leads_to_something_in_the_repository() {
      List<String> dead = new ArrayList<>();
      for (Page page : pages) {
        for (String link : page.links()) {
          if (!link.matches("[a-z]+:.*") && !resolves(page, link)) {
            dead.add("%s links to %s".formatted(page, link));
          }
        }
      }
      assertThat(dead).isEmpty();
    }

    private boolean resolves(Page page, String link) {
      int hash = link.indexOf('#');
      String file = hash < 0 ? link : link.substring(0, hash);
      Path target =
          file.isEmpty() ? page.path() : page.path().resolveSibling(file).normalize();
      return Files.exists(target)
          && (hash < 0 || Page.read(target).anchors().contains(link.substring(hash + 1)));
    }
  }

  @Test
  void every_decision_is_in_the_index() {
    Page index = Page.read(Module.root().resolve("docs/adr/README.md"));
    assertThat(index.links())
        .containsAll(pages.stream()
            .map(page -> page.path().getFileName().toString())
            .filter(name -> name.matches("\\d{4}-.*"))
            .toList());
  }
}
