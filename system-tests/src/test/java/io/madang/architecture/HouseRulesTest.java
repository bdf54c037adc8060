package io.madang.architecture;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HouseRulesTest {
  @Nested
  class The_gateway_and_the_runtime {
    private static final Set<String> BUSINESS_NOUNS = Set.of(
        "chat",
        "presence",
        "notification",
        "notifications",
        "dashboard",
        "room",
        "rooms",
        "lobby",
        "inbox");

    /** A word inside a name or a literal: roomId and ROOM_ID and "room:" all hold the word room. */
    private static final Pattern WORD = Pattern.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])");

    @Test
    void speak_no_business_noun_in_code_or_literal() {
      List<String> strays = new ArrayList<>();
      for (SourceFile source : productOf("gateway", "service-runtime")) {
        Set<String> words = wordsOf(source.code());
        source.literals().forEach(literal -> words.addAll(wordsOf(literal)));
        words.retainAll(BUSINESS_NOUNS);
        words.forEach(word -> strays.add("%s says %s".formatted(source.path(), word)));
      }
      assertThat(strays).isEmpty();
    }

    private Set<String> wordsOf(String text) {
      Set<String> words = new TreeSet<>();
      Matcher word = WORD.matcher(text);
      while (word.find()) {
        words.add(word.group().toLowerCase(Locale.ROOT));
      }
      return words;
    }
  }

  @Nested
  class A_process {
    private static final Pattern SHARING = Pattern.compile(
        "\\b(synchronized|Concurrent\\w*Map|\\w*ReentrantLock|ReentrantReadWriteLock|StampedLock)\\b");

    /** One writer per state: other loops are reached by messages. */
    @Test
    void shares_no_state_between_threads() {
      List<SourceFile> processes = productOf(
          "gateway",
          "chat-service",
          "presence-service",
          "notification-service",
          "dashboard-service");
      assertThat(found(SHARING, processes)).isEmpty();
    }

    @Test
    void speaks_to_the_bus_through_the_runtime_alone() {
      noClasses()
          .that()
          .resideOutsideOfPackage("io.madang.runtime..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vertx.core.eventbus..")
          .check(CompiledModules.ALL);
    }

    @Test
    void leaves_blocking_database_access_to_the_migrations() {
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.madang.runtime..",
              "io.madang.gateway..",
              "io.madang.chat..",
              "io.madang.presence..",
              "io.madang.notification..",
              "io.madang.dashboard..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..")
          .check(CompiledModules.ALL);
    }
  }

  @Nested
  class Everywhere {
    private static final Pattern SLEEPING =
        Pattern.compile("\\b(Thread|TimeUnit\\.\\w+)\\.sleep\\b");

    @Test
    void a_static_field_is_final() {
      fields().that().areStatic().should().haveModifier(FINAL).check(CompiledModules.ALL);
    }

    /** A sleep is either too short, and the test fails on a slow day, or too long on all others. */
    @Test
    void no_test_sleeps_to_wait() {
      List<SourceFile> tests = new ArrayList<>(productOf("testkit"));
      Module.all().forEach(module -> tests.addAll(module.testSources()));
      assertThat(found(SLEEPING, tests)).isEmpty();
    }
  }

  private static List<SourceFile> productOf(String... names) {
    List<SourceFile> sources = new ArrayList<>();
    for (Module module : Module.all()) {
      if (List.of(names).contains(module.name())) {
        sources.addAll(module.productSources());
      }
    }
    return sources;
  }

  private static List<String> found(Pattern pattern, List<SourceFile> sources) {
    List<String> found = new ArrayList<>();
    for (SourceFile source : sources) {
      pattern
          .matcher(source.code())
          .results()
          .forEach(result -> found.add("%s says %s".formatted(source.path(), result.group())));
    }
    return found;
  }
}
