package io.madang.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import io.madang.architecture.Picture.Arrow;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ModuleArrowsTest {
  private static final List<Module> MODULES = Module.all();
  private static final Picture PICTURE =
      Picture.read(Module.root().resolve("docs/architecture.puml"));
  private static final List<String> PROCESSES = List.of(
      "gateway", "chat-service", "presence-service", "notification-service", "dashboard-service");

  @Nested
  class The_picture {
    @Test
    void has_a_box_for_each_module_and_no_other() {
      assertThat(PICTURE.boxes().keySet())
          .containsExactlyInAnyOrderElementsOf(
              MODULES.stream().map(Module::name).toList());
    }

    @Test
    void lets_only_the_distribution_and_nobody_else_build_on_a_process() {
      assertThat(PICTURE.arrows())
          .filteredOn(arrow -> PROCESSES.contains(arrow.to()))
          .allMatch(arrow -> arrow.from().equals("distribution"));
      assertThat(PICTURE.testArrows()).noneMatch(arrow -> PROCESSES.contains(arrow.to()));
    }

    @Test
    void lets_the_gateway_see_frames_the_runtime_and_the_page_alone() {
      assertThat(PICTURE.arrows())
          .filteredOn(arrow -> arrow.from().equals("gateway"))
          .extracting(Arrow::to)
          .containsExactlyInAnyOrder("client-protocol", "service-runtime", "web");
    }

    @Test
    void hides_client_frames_from_services_and_contracts_from_clients_gateway_and_runtime() {
      assertThat(PICTURE.arrows())
          .filteredOn(arrow -> arrow.to().equals("client-protocol"))
          .extracting(Arrow::from)
          .doesNotContainAnyElementsOf(PROCESSES.subList(1, PROCESSES.size()));
      assertThat(PICTURE.arrows())
          .filteredOn(arrow -> arrow.to().equals("contracts"))
          .extracting(Arrow::from)
          .isSubsetOf(PROCESSES.subList(1, PROCESSES.size()));
    }

    @Test
    void draws_nothing_out_of_what_everything_stands_on() {
      assertThat(PICTURE.arrows())
          .extracting(Arrow::from)
          .doesNotContain(
              "client-protocol", "contracts", "service-runtime", "embedded-stores", "web");
    }

    @Test
    void lets_no_product_build_on_the_testkit() {
      assertThat(PICTURE.arrows())
          .extracting(Arrow::to)
          .doesNotContain("testkit", "system-tests", "benchmarks");
    }
  }

  @Nested
  class The_poms {
    @Test
    void draw_the_arrows_of_the_picture_and_no_other() {
      assertThat(arrowsOfPoms(false)).isEqualTo(PICTURE.arrows());
      assertThat(arrowsOfPoms(true)).isEqualTo(PICTURE.testArrows());
    }

    private Set<Arrow> arrowsOfPoms(boolean forTests) {
      Set<Arrow> arrows = new TreeSet<>();
      MODULES.forEach(module -> arrows.addAll(module.arrows(forTests)));
      return arrows;
    }
  }

  @Nested
  class The_code {
    @Test
    void lives_under_the_package_of_its_modules_box() {
      for (Module module : MODULES) {
        assertThat(module.productSources())
            .allSatisfy(source -> assertThat(PICTURE.boxOf(source.packageName()))
                .as("box of %s", source.path())
                .isEqualTo(module.name()));
      }
    }

    @Test
    void is_imported_along_the_arrows() {
      for (Module module : MODULES) {
        for (SourceFile source : module.productSources()) {
          assertThat(source.uses())
              .as("%s", source.path())
              .allSatisfy(name -> assertAllowed(module.name(), PICTURE.boxOf(packageOf(name))));
        }
      }
    }

    @Test
    void is_compiled_along_the_arrows() {
      assertThat(CompiledModules.ALL.stream().flatMap(ModuleArrowsTest::dependenciesOnOurs))
          .isNotEmpty()
          .allSatisfy(dependency -> assertAllowed(
              PICTURE.boxOf(dependency.getOriginClass().getPackageName()),
              PICTURE.boxOf(dependency.getTargetClass().getPackageName())));
    }

    private void assertAllowed(String from, String to) {
      if (to != null && !to.equals(from)) {
        assertThat(PICTURE.arrows()).contains(new Arrow(from, to));
      }
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

  private static Stream<Dependency> dependenciesOnOurs(JavaClass origin) {
    return origin.getDirectDependenciesFromSelf().stream()
        .filter(dependency -> dependency.getTargetClass().getPackageName().startsWith("io.madang"));
  }

  /** The lower-case beginning of a name, which by our spelling is its package. */
  private static String packageOf(String name) {
    return name.replaceFirst("\\.[A-Z*].*", "");
  }
}
