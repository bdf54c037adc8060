package io.madang.benchmarks.run;

import io.madang.benchmarks.product.Children;
import io.madang.benchmarks.product.Mesh;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A mesh and a generator of one run, which both end with it. */
public final class Stage implements AutoCloseable {
  public static final String GATEWAY = "gateway-1";
  public static final String OTHER_GATEWAY = "gateway-2";

  private final Children children;
  private final Mesh mesh;
  private final Generator generator;

  private Stage(Children children, Mesh mesh, Generator generator) {
    this.children = children;
    this.mesh = mesh;
    this.generator = generator;
  }

  /**
   * Starts both.
   *
   * @param people how many can sign in
   */
  public static Stage start(Path product, Mesh.Plan plan, int people) throws IOException {
    Children children = Children.begin();
    try {
      long begin = System.nanoTime();
      Mesh mesh = Mesh.start(children, product, plan);
      System.out.printf(
          "  %d nodes ready: %.1f s%n", plan.roles().size(), (System.nanoTime() - begin) / 1e9);
      return new Stage(children, mesh, Generator.start(children, mesh.people(people)));
    } catch (IOException | RuntimeException e) {
      children.close();
      throw e;
    }
  }

  /** One gateway and what messages through chat or the bench service need. */
  public static Mesh.Plan plan(String through) {
    Map<String, String> roles = new LinkedHashMap<>();
    if (through.equals("bench")) {
      roles.put("bench-1", "bench");
    } else {
      roles.put("chat-1", "chat");
    }
    roles.put(GATEWAY, "gateway");
    return new Mesh.Plan(roles, Mesh.SETTINGS, Map.of(), false);
  }

  public Mesh mesh() {
    return mesh;
  }

  public Generator generator() {
    return generator;
  }

  /** Of this mesh; the deliveries cost these gateways. */
  public Meter meter(String... gateways) {
    Map<String, Long> pids = new LinkedHashMap<>();
    for (String gateway : gateways) {
      pids.put(gateway, mesh.pid(gateway));
    }
    return new Meter(this::costs, pids);
  }

  public Costs costs() throws IOException {
    return Costs.now(mesh.pids(), mesh.storePids(), generator.pids());
  }

  public static void pause(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
    }
  }

  @Override
  public void close() {
    children.close();
  }
}
