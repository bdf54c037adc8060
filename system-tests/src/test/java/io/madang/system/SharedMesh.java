package io.madang.system;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Lends tests that break parts of a mesh one mesh, as starting it takes longer than most of what they do to it. It has two nodes
 * of each service, one dashboard and stores of its own, and bounds of the load are off.
 *
 * <p>After each test the mesh is healed: what was killed is started, what was frozen goes on, altered nodes are as the others
 * again. One that cannot be healed fails the test that broke it. It is thrown away, as is one that broke its promise, and the next
 * test gets a new one. The last goes with the JVM's tests.
 */
class SharedMesh implements ParameterResolver, AfterEachCallback {
  private static final Namespace HERE = Namespace.create(SharedMesh.class);

  /** More connections than these raise an alert. */
  static final int ALERT_ABOVE = 12;

  /** So that the load is bounded by itself, an orderly stop takes seconds, and every change of presence can be accounted for. */
  private static Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>(LoadedMesh.UNLIMITED);
    settings.put("MADANG_DRAIN_MS", "3000");
    settings.put("MADANG_PRESENCE_WINDOW", "20000");
    settings.put("MADANG_AUTH_GUESTS_PER_ADDRESS", "10000");
    settings.put("MADANG_DASHBOARD_ALERTS", "connections>" + ALERT_ABOVE);
    return settings;
  }

  /** A mesh as it is lent. */
  MeshProcesses start() {
    return MeshProcesses.startWithStores(MeshProcesses.twoOfEach(), settings());
  }

  /** Closed by JUnit with the last test. */
  private static final class Keeper implements AutoCloseable {
    /** Null while there is none. */
    private MeshProcesses mesh;

    /** For whom it was started. */
    private Class<?> kind = SharedMesh.class;

    MeshProcesses lend(Class<?> wanted, Supplier<MeshProcesses> another) {
      if (kind != wanted) {
        close();
        kind = wanted;
      }
      if (mesh == null) {
        mesh = another.get();
      }
      return mesh;
    }

    void heal() {
      try {
        mesh.heal();
      } catch (RuntimeException | AssertionError e) {
        close();
        throw new AssertionError("the mesh cannot be healed after this test", e);
      }
    }

    @Override
    public void close() {
      if (mesh != null) {
        mesh.close();
        mesh = null;
      }
    }
  }

  private static Keeper keeper(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(HERE)
        .getOrComputeIfAbsent(Keeper.class, none -> new Keeper(), Keeper.class);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == MeshProcesses.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return keeper(context).lend(getClass(), this::start);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Keeper keeper = keeper(context);
    if (context.getExecutionException().isPresent()) {
      keeper.close();
    } else {
      keeper.heal();
    }
  }
}
