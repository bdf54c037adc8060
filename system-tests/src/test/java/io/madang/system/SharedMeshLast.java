package io.madang.system;

import java.util.Arrays;
import java.util.Comparator;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that share the mesh of {@link SharedMesh} come last, one after the other, so that it is not beside those which start
 * processes of their own or measure time. Named in {@code junit-platform.properties}.
 */
public final class SharedMeshLast implements ClassOrderer {
  @Override
  public void orderClasses(ClassOrdererContext context) {
    context.getClassDescriptors().sort(Comparator.comparing(SharedMeshLast::isShared));
  }

  private static boolean isShared(ClassDescriptor test) {
    return test.findRepeatableAnnotations(ExtendWith.class).stream()
        .flatMap(annotation -> Arrays.stream(annotation.value()))
        .anyMatch(SharedMesh.class::equals);
  }
}
