package io.madang.gateway.edge;

import io.madang.gateway.GatewayConfig;
import io.madang.gateway.GatewayRole;
import io.madang.gateway.SignIn;
import io.madang.gateway.identity.OriginPolicy;
import io.madang.runtime.config.Settings;
import io.madang.runtime.health.Health;
import io.madang.runtime.host.BatchLimits;
import io.madang.runtime.launch.RoleContext;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.redis.RedisUrl;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real gateway on a port of its own, with a {@link TestService} in the same process. One that a test class registers as its
 * extension is there for all tests of it, and ends behind the last.
 */
final class RunningGateway implements AfterAllCallback, AutoCloseable {
  static final String ALLOWED_ORIGIN = "https://friend.example";

  final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  final Mesh mesh;
  final TestService service = new TestService();
  final Health health = new Health();
  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final GatewayRole role;

  /** @param environment settings beside those a test needs anyway */
  RunningGateway(Map<String, String> environment) {
    this(environment, new FakeSignIn());
  }

  RunningGateway(Map<String, String> environment, SignIn signIn) {
    this(environment, signIn, Optional.empty());
  }

  RunningGateway(Map<String, String> environment, Optional<RedisUrl> redis) {
    this(environment, new FakeSignIn(), redis);
  }

  private RunningGateway(Map<String, String> environment, SignIn signIn, Optional<RedisUrl> redis) {
    Map<String, String> all =
        new HashMap<>(Map.of("MADANG_HTTP_PORT", "0", "MADANG_HTTP_LOOPS", "2"));
    all.putAll(environment);
    Settings settings = new Settings(all);
    mesh = Mesh.local(vertx, BatchLimits.from(settings), "test", "gateway", TestService.NAME);
    role = new GatewayRole(
        GatewayConfig.from(settings), OriginPolicy.of(List.of(ALLOWED_ORIGIN)), signIn, redis);
    get(mesh.start());
    get(mesh.serve(service));
    get(role.start(new RoleContext(vertx, mesh, health, metrics)));
  }

  int port() {
    return role.port();
  }

  double gauge(String name) {
    return metrics.get(name).gauge().value();
  }

  /** Connections that the gateway has closed with this code. */
  double closes(String code) {
    return metrics.get("madang.closes").tag("code", code).counter().count();
  }

  static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Nested classes are a part of the one that has it. */
  @Override
  public void afterAll(ExtensionContext context) {
    if (context.getRequiredTestClass().getEnclosingClass() == null) {
      close();
    }
  }

  @Override
  public void close() {
    get(role.stop());
    get(mesh.stop());
    get(vertx.close());
  }
}
