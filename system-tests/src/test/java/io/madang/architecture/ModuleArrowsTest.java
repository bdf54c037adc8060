package io.madang.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import io.madang.architecture.Picture.Arrow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ModuleArrowsTest {
  private static final List<String> PROCESSES = List.of(
      "gateway", "chat-service", "presence-service", "notification-service", "dashboard-service");

  private final List<Module> modules = Module.all();
  private final Picture picture = Picture.read(Module.root().resolve("docs/architecture.puml"));

  @Nested
  class The_picture {
    @Test
    void has_a_box_for_each_module_and_no_other() {
      assertThat(picture.boxes().keySet())
          .containsExactlyInAnyOrderElementsOf(
              modules.stream().map(Module::name).toList());
    }

    @Test
    void lets_only_the_distribution_and_what_measures_the_gateway_build_on_a_process() {
      assertThat(picture.arrows())
          .filteredOn(arrow -> PROCESSES.contains(arrow.to()))
          .filteredOn(arrow -> !arrow.equals(new Arrow("benchmarks", "gateway")))
          .allMatch(arrow -> arrow.from().equals("distribution"));
      assertThat(picture.testArrows()).noneMatch(arrow -> PROCESSES.contains(arrow.to()));
    }

    @Test
    void lets_the_gateway_see_frames_the_runtime_and_the_page_alone() {
      assertThat(picture.arrows())
          .filteredOn(arrow -> arrow.from().equals("gateway"))
          .extracting(Arrow::to)
          .containsExactlyInAnyOrder("client-protocol", "service-runtime", "web");
    }

    @Test
    void hides_client_frames_from_services_and_contracts_from_clients_gateway_and_runtime() {
      assertThat(picture.arrows())
          .filteredOn(arrow -> arrow.to().equals("client-protocol"))
          .extracting(Arrow::from)
          .doesNotContainAnyElementsOf(PROCESSES.subList(1, PROCESSES.size()));
      assertThat(picture.arrows())
          .filteredOn(arrow -> arrow.to().equals("contracts"))
          .extracting(Arrow::from)
          .isSubsetOf(PROCESSES.subList(1, PROCESSES.size()));
    }

    @Test
    void draws_nothing_out_of_what_everything_stands_on() {
      assertThat(picture.arrows())
          .extracting(Arrow::from)
          .doesNotContain(
              "client-protocol", "contracts", "service-runtime", "embedded-stores", "web");
    }

    @Test
    void lets_no_product_build_on_the_testkit() {
      assertThat(picture.arrows())
          .extracting(Arrow::to)
          .doesNotContain("testkit", "system-tests", "benchmarks");
    }
  }

  @Nested
  class The_poms {
    @Test
    void draw_the_arrows_of_the_picture_and_no_other() {
      assertSame(picture.arrows(), arrowsOfPoms(false));
      assertSame(picture.testArrows(), arrowsOfPoms(true));
    }

    private void assertSame(Set<Arrow> drawn, Set<Arrow> used) {
      assertThat(without(used, drawn)).as("used, and not in the picture").isEmpty();
      assertThat(without(drawn, used)).as("in the picture, and not used").isEmpty();
    }

    private Set<Arrow> arrowsOfPoms(boolean forTests) {
      Set<Arrow> arrows = new TreeSet<>();
      modules.forEach(module -> arrows.addAll(module.arrows(forTests)));
      return arrows;
    }

    private Set<Arrow> without(Set<Arrow> arrows, Set<Arrow> others) {
      Set<Arrow> rest = new TreeSet<>(arrows);
      rest.removeAll(others);
      return rest;
    }
  }

  @Nested
  class The_code {
    @Test
    void lives_under_the_package_of_its_modules_box() {
      List<String> strays = new ArrayList<>();
      for (Module module : modules) {
        for (SourceFile source : module.productSources()) {
          String box = picture.boxOf(source.packageName());
          if (!module.name().equals(box)) {
            strays.add("%s lies in box %s".formatted(source.path(), box));
          }
        }
      }
      assertThat(strays).isEmpty();
    }

    @Test
    void is_imported_along_the_arrows() {
      List<String> strays = new ArrayList<>();
      for (Module module : modules) {
        for (SourceFile source : module.productSources()) {
          for (String name : source.uses()) {
            if (!isAllowed(module.name(), picture.boxOf(packageOf(name)))) {
              strays.add("%s uses %s".formatted(source.path(), name));
            }
          }
        }
      }
      assertThat(strays).isEmpty();
    }

    @Test
    void is_compiled_along_the_arrows() {
      List<String> strays = new ArrayList<>();
      for (JavaClass origin : CompiledModules.ALL) {
        for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
          if (!isAllowed(boxOf(origin), boxOf(dependency.getTargetClass()))) {
            strays.add(dependency.getDescription());
          }
        }
      }
      assertThat(strays).isEmpty();
    }

    private boolean isAllowed(String from, String to) {
      return to == null || to.equals(from) || picture.arrows().contains(new Arrow(from, to));
    }

    private String boxOf(JavaClass javaClass) {
      return picture.boxOf(javaClass.getPackageName());
    }

    /** The lower-case beginning of a name, which by our spelling is its package. */
    private String packageOf(String name) {
      return name.replaceFirst("\\.[A-Z*].*", "");
    }
  }

  @Nested
  class What_others_build_on {
    @Test
    void knows_no_library_but_jackson_in_contracts_and_client_protocol_and_java_client() {
      noClasses()
          .that()
          .resideInAnyPackage("io.madang.contracts..", "io.madang.protocol..", "io.madang.client..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages("java..", "com.fasterxml.jackson..", "io.madang..")
          .check(CompiledModules.ALL);
    }
  }
}
