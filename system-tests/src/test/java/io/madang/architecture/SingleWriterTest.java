package io.madang.architecture;

import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNTHETIC;
import static com.tngtech.archunit.core.domain.JavaModifier.VOLATILE;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * On the path of a message nothing waits for a lock and no two threads write one state. CONCURRENCY.md names each class there
 * that has a state, with its one writer, and each that is seen by other threads, with why that is safe.
 *
 * <p>The path is everything that commands, publications and reads go through, from the socket to the store's answer. What starts
 * and stops a process, its health checks, its settings and the page at which an operator looks into the mesh are not on it.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SingleWriterTest {
  /** Packages on the path of a message, with those below them. */
  private static final List<String> PATH = List.of(
      "io.madang.runtime.bus",
      "io.madang.runtime.command",
      "io.madang.runtime.descriptor",
      "io.madang.runtime.fault",
      "io.madang.runtime.host",
      "io.madang.runtime.inspect",
      "io.madang.runtime.interest",
      "io.madang.runtime.membership",
      "io.madang.runtime.mesh",
      "io.madang.runtime.outbox",
      "io.madang.runtime.postgres",
      "io.madang.runtime.redis",
      "io.madang.runtime.service",
      "io.madang.runtime.store",
      "io.madang.runtime.time",
      "io.madang.runtime.topic",
      "io.madang.protocol",
      "io.madang.contracts",
      "io.madang.gateway",
      "io.madang.chat",
      "io.madang.presence",
      "io.madang.notification",
      "io.madang.dashboard");

  /** Of java.util.concurrent: what holds no state that threads share. */
  private static final Set<String> HARMLESS = Set.of(
      "Callable",
      "CompletionException",
      "ExecutionException",
      "Executor",
      "RejectedExecutionException",
      "ThreadLocalRandom",
      "TimeUnit",
      "TimeoutException");

  private static final String CONCURRENT = "java.util.concurrent.";

  private final Page page = Page.read(Module.root().resolve("docs/CONCURRENCY.md"));
  private final List<JavaClass> path = CompiledModules.ALL.stream()
      .filter(type ->
          PATH.stream().anyMatch(prefix -> (type.getPackageName() + ".").startsWith(prefix + ".")))
      .toList();

  @Nested
  class The_path_of_a_message {
    /** In the source, as a block of it leaves no trace in what the rules read of the bytecode; but for what Java asks for. */
    private static final Pattern MONITOR = Pattern.compile(
        "\\bsynchronized\\b(?! Throwable fillInStackTrace\\()|\\.(?:wait|notify|notifyAll)\\(");

    @Test
    void has_no_lock_and_no_concurrent_collection() {
      Set<String> found = new TreeSet<>();
      for (JavaClass type : path) {
        type.getDirectDependenciesFromSelf().stream()
            .map(dependency -> dependency.getTargetClass().getBaseComponentType())
            .filter(target -> target.getName().startsWith(CONCURRENT))
            .filter(target -> !HARMLESS.contains(target.getName().substring(CONCURRENT.length())))
            .filter(target -> !isSeenByOthers(target))
            .forEach(target -> found.add(type.getName() + " uses " + target.getName()));
      }
      assertThat(found).isEmpty();
    }

    @Test
    void has_no_monitor() {
      List<String> found = new ArrayList<>();
      for (Module module : Module.all()) {
        for (SourceFile source : module.productSources()) {
          if (PATH.stream()
              .anyMatch(prefix -> (source.packageName() + ".").startsWith(prefix + "."))) {
            MONITOR
                .matcher(source.code())
                .results()
                .forEach(
                    monitor -> found.add("%s says %s".formatted(source.path(), monitor.group())));
          }
        }
      }
      assertThat(found).isEmpty();
    }
  }

  @Nested
  class The_page {
    @Test
    void names_each_class_with_a_state_and_its_writer() {
      assertThat(differences(classesUnder("State", 1), topLevel(SingleWriterTest::hasState)))
          .as("a line of a table of states: | state | class | writer |")
          .isEmpty();
      assertThat(page.rowsUnder("State"))
          .allSatisfy(row -> assertThat(row).hasSize(3).noneMatch(String::isBlank));
    }

    @Test
    void names_each_class_that_other_threads_look_into() {
      assertThat(differences(
              classesUnder("Seen by other threads", 0), topLevel(SingleWriterTest::isSeen)))
          .as(
              "a line of the table: | class with a volatile field or an atomic | why that is safe |")
          .isEmpty();
      assertThat(page.rowsUnder("Seen by other threads"))
          .allSatisfy(row -> assertThat(row).hasSize(2).noneMatch(String::isBlank));
    }

    private List<String> differences(Set<String> told, Set<String> found) {
      List<String> differences = new ArrayList<>();
      found.stream()
          .filter(name -> !told.contains(name))
          .forEach(name -> differences.add("the page misses " + name));
      told.stream()
          .filter(name -> !found.contains(name))
          .forEach(name -> differences.add("the page names, which is none, " + name));
      return differences;
    }

    private Set<String> classesUnder(String head, int column) {
      return page.rowsUnder(head).stream()
          .flatMap(row -> Page.codesIn(row.get(column)).stream())
          .map(name -> "io.madang." + name)
          .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The classes of files, each standing for those inside it. */
    private Set<String> topLevel(Predicate<JavaClass> chosen) {
      return path.stream()
          .filter(chosen)
          .map(type -> type.getName().replaceFirst("\\$.*", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** A field that is set anew, or a collection made to be changed. Records are as they were made. */
  private static boolean hasState(JavaClass type) {
    return !type.isRecord()
        && ownFields(type)
            .anyMatch(field -> !field.getModifiers().contains(FINAL)
                || isSeenByOthers(field.getRawType())
                || (isCollection(field.getRawType()) && makesCollections(type)));
  }

  private static boolean isSeen(JavaClass type) {
    return ownFields(type).anyMatch(field -> field.getModifiers().contains(VOLATILE))
        || type.getDirectDependenciesFromSelf().stream()
            .anyMatch(dependency -> isSeenByOthers(dependency.getTargetClass()));
  }

  private static Stream<JavaField> ownFields(JavaClass type) {
    return type.getFields().stream()
        .filter(field -> !type.isEnum())
        .filter(field -> !field.getModifiers().contains(STATIC))
        .filter(field -> !field.getModifiers().contains(SYNTHETIC));
  }

  /** Atomics and semaphores: allowed where the page says why. */
  private static boolean isSeenByOthers(JavaClass type) {
    return type.getName().startsWith(CONCURRENT + "atomic.")
        || type.getName().equals(CONCURRENT + "Semaphore");
  }

  private static boolean isCollection(JavaClass type) {
    return type.isAssignableTo(Collection.class)
        || type.isAssignableTo(Map.class)
        || type.isEquivalentTo(BitSet.class);
  }

  /** Whether its constructors make a collection, which those that get theirs from elsewhere do not. */
  private static boolean makesCollections(JavaClass type) {
    return type.getConstructors().stream()
        .flatMap(constructor -> constructor.getConstructorCallsFromSelf().stream())
        .anyMatch(call -> isCollection(call.getTargetOwner()));
  }
}
