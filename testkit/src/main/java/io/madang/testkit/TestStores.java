package io.madang.testkit;

import io.madang.stores.EmbeddedPostgres;
import io.madang.stores.EmbeddedRedis;
import io.madang.stores.StoresOptions;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Real PostgreSQL and Redis for tests: containers where a Docker engine answers, else child
 * processes. Where neither works the test fails; it is never skipped.
 *
 * <p>One server of each kind serves a whole JVM, is started by the first test that asks, and goes
 * with the JVM. Every test takes a database or a keyspace of its own, so tests may run in any order
 * and beside each other. These shared servers do not sync to the disk; a test that is about
 * durability, or that kills a server, takes its own with {@link #ownPostgres()}.
 *
 * <p>The system property {@value #CHOICE} set to {@code containers} or {@code processes} takes that
 * way only.
 */
public final class TestStores {
  /** System property that takes the choice away from this class. */
  public static final String CHOICE = "madang.test.stores";

  private static final Logger LOG = LoggerFactory.getLogger(TestStores.class);
  private static final StoresOptions DURABLE = StoresOptions.defaults().withRevive(false);
  private static final TestStores SHARED = new TestStores();

  private final Shared<PostgresServer> postgres =
      new Shared<>("PostgreSQL", ContainerStores::postgres, ProcessStores::postgres);
  private final Shared<RedisServer> redis =
      new Shared<>("Redis", ContainerStores::redis, ProcessStores::redis);

  private TestStores() {}

  /** A new, empty PostgreSQL database, owned by an ordinary user. */
  public static TestDatabase createDatabase() {
    return SHARED.postgres.get().createDatabase();
  }

  /** An empty Redis database with a number of its own. */
  public static TestKeyspace createKeyspace() {
    return SHARED.redis.get().createKeyspace();
  }

  /**
   * PostgreSQL for one test, with the empty database of {@link TestServer#url()}. Always a child process, as a container cannot
   * be killed and kept. Closed by the test, at the latest with the JVM.
   */
  public static TestServer ownPostgres() {
    EmbeddedPostgres postgres = dedicatedPostgres();
    return new TestServer(postgres, postgres::url);
  }

  /** As {@link #ownPostgres()}, Redis. */
  public static TestServer ownRedis() {
    EmbeddedRedis redis = dedicatedRedis();
    return new TestServer(redis, redis::url);
  }

  /** What {@link #ownPostgres()} stands on, for modules that know the servers' own types. */
  public static EmbeddedPostgres dedicatedPostgres() {
    return ProcessStores.started(EmbeddedPostgres::start, DURABLE);
  }

  /** What {@link #ownRedis()} stands on, for modules that know the servers' own types. */
  public static EmbeddedRedis dedicatedRedis() {
    return ProcessStores.started(EmbeddedRedis::start, DURABLE);
  }

  /** One server, started by who asks first; a failure is kept and told to everybody who asks. */
  private static final class Shared<S> {
    private final String label;
    private final Supplier<S> container;
    private final Supplier<S> process;

    /** The server; null until somebody asks. Guarded by this. */
    private S server;

    /** Why there is none; null unless both ways failed. Guarded by this. */
    private IllegalStateException failure;

    Shared(String label, Supplier<S> container, Supplier<S> process) {
      this.label = label;
      this.container = container;
      this.process = process;
    }

    synchronized S get() {
      if (failure != null) {
        throw new IllegalStateException(failure.getMessage(), failure);
      }
      if (server == null) {
        server = started();
      }
      return server;
    }

    private S started() {
      String choice = System.getProperty(CHOICE, "");
      if (!choice.isEmpty() && !choice.equals("containers") && !choice.equals("processes")) {
        throw failed(CHOICE + " is containers or processes, not " + choice, null);
      }
      RuntimeException noContainer = null;
      if (choice.equals("containers") || (choice.isEmpty() && ContainerStores.engineAnswers())) {
        try {
          S started = container.get();
          LOG.info("Tests use {} in a container", label);
          return started;
        } catch (RuntimeException e) {
          LOG.warn("{} does not start in a container: {}", label, e.toString());
          noContainer = e;
        }
      }
      if (choice.equals("containers")) {
        throw failed("No %s for tests: no container starts".formatted(label), noContainer);
      }
      try {
        S started = process.get();
        LOG.info("Tests use {} as a child process", label);
        return started;
      } catch (RuntimeException e) {
        if (noContainer != null) {
          e.addSuppressed(noContainer);
        }
        throw failed(
            "No %s for tests: start a Docker engine, or mend this: %s"
                .formatted(label, e.getMessage()),
            e);
      }
    }

    private IllegalStateException failed(String message, Throwable cause) {
      failure = new IllegalStateException(message, cause);
      return failure;
    }
  }
}
