package io.madang.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The product's classes of every module, read once for all rules; none that JMH generates around its benchmarks. */
final class CompiledModules {
  static final JavaClasses ALL = read();

  private CompiledModules() {}

  private static JavaClasses read() {
    List<Path> folders = new ArrayList<>();
    for (Module module : Module.all()) {
      boolean hasCode = !module.productSources().isEmpty();
      if (hasCode && !Files.exists(module.classes())) {
        throw new IllegalStateException(
            module.name()
                + " is not compiled, so its classes would escape the rules: build it too, with -pl or at the top");
      }
      if (hasCode) {
        folders.add(module.classes());
      }
    }
    return new ClassFileImporter()
        .withImportOption(location -> !location.contains("/jmh_generated/"))
        .importPaths(folders);
  }
}
