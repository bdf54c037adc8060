package io.madang.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The stores as containers. Whoever starts the JVM's last container also sees to its end. */
final class ContainerStores {
  /** The images tests run on, the same majors as the child processes. */
  static final String POSTGRES_IMAGE = "postgres:17-alpine";

  static final String REDIS_IMAGE = "redis:7-alpine";

  private static final int REDIS_PORT = 6379;
  private static final int REDIS_DATABASES = 256;
  private static final String ADMIN = "postgres";
  private static final String PASSWORD = "test";

  private ContainerStores() {}

  /** Asks an engine only where there is a sign of one: the question itself takes most of a second. */
  static boolean engineAnswers() {
    return signOfEngine() && DockerClientFactory.instance().isDockerAvailable();
  }

  private static boolean signOfEngine() {
    String home = System.getProperty("user.home", "/");
    String run = System.getenv().getOrDefault("XDG_RUNTIME_DIR", "/run");
    List<Path> places = List.of(
        Path.of("/var/run/docker.sock"),
        Path.of(run, "docker.sock"),
        Path.of(home, ".docker", "run", "docker.sock"),
        Path.of(home, ".testcontainers.properties"));
    return System.getenv("DOCKER_HOST") != null || places.stream().anyMatch(Files::exists);
  }

  static PostgresServer postgres() {
    PostgreSQLContainer container = new PostgreSQLContainer(DockerImageName.parse(POSTGRES_IMAGE))
        .withDatabaseName(ADMIN)
        .withUsername(ADMIN)
        .withPassword(PASSWORD)
        // The same text rules as the child processes have.
        .withEnv(
            Map.of(
                "POSTGRES_INITDB_ARGS",
                "--encoding=UTF8 --locale=C --lc-ctype=C.UTF-8 --locale-provider=builtin --builtin-locale=C.UTF-8"))
        .withCommand(
            "postgres -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c jit=off");
    startKept(container);
    return new PostgresServer(new TestDatabase(
        container.getHost(),
        container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
        ADMIN,
        ADMIN,
        PASSWORD));
  }

  static RedisServer redis() {
    GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(REDIS_IMAGE))
        .withExposedPorts(REDIS_PORT)
        .withCommand(
            "redis-server",
            "--save",
            "",
            "--databases",
            String.valueOf(REDIS_DATABASES),
            "--requirepass",
            PASSWORD);
    startKept(container);
    return new RedisServer(
        container.getHost(), container.getMappedPort(REDIS_PORT), PASSWORD, REDIS_DATABASES);
  }

  private static void startKept(GenericContainer<?> container) {
    container.start();
    Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "stop-" + container));
  }
}
