package io.madang.system;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that share the mesh of {@link SharedMesh} come last, then those that share the one of {@link HurriedMesh} or {@link
 * RiggedMesh}, one after the other, so that it is not beside those which start processes of their own or measure time. Named in {@code
 * junit-platform.properties}.
 */
public final class SharedMeshLast implements ClassOrderer {
  private static final int NOT_SHARED = -1;

  /** Each is thrown away when the next is lent. */
  private static final List<Class<?>> LAST =
      List.of(SharedMesh.class, HurriedMesh.class, RiggedMesh.class);

  @Override
  public void orderClasses(ClassOrdererContext context) {
    context.getClassDescriptors().sort(Comparator.comparing(SharedMeshLast::place));
  }

  private static int place(ClassDescriptor test) {
    return test.findRepeatableAnnotations(ExtendWith.class).stream()
        .flatMap(annotation -> Arrays.stream(annotation.value()))
        .mapToInt(LAST::indexOf)
        .max()
        .orElse(NOT_SHARED);
  }
}
