package io.madang.stores;

import java.time.Duration;

/**
 * How the stores are run.
 *
 * @param postgresPort port of PostgreSQL on 127.0.0.1; 0 takes a free one
 * @param redisPort port of Redis on 127.0.0.1; 0 takes a free one
 * @param durable whether an acknowledged commit survives a loss of power: PostgreSQL's {@code fsync}
 *     and {@code synchronous_commit}, Redis' append-only file. Off only for tests that throw the data
 *     away
 * @param revive whether a server that ends without being asked to is started again on its port
 * @param startWithin how long one server may take until it answers, recovery included
 * @param stopWithin how long one server may take to stop cleanly before it is killed
 */
public record StoresOptions(
    int postgresPort,
    int redisPort,
    boolean durable,
    boolean revive,
    Duration startWithin,
    Duration stopWithin) {

  public StoresOptions {
    if (postgresPort < 0 || postgresPort > 65_535 || redisPort < 0 || redisPort > 65_535) {
      throw new IllegalArgumentException("A port is 1 to 65535, or 0 for a free one");
    }
    if (startWithin.isNegative() || startWithin.isZero()) {
      throw new IllegalArgumentException("startWithin must be positive");
    }
    if (stopWithin.isNegative() || stopWithin.isZero()) {
      throw new IllegalArgumentException("stopWithin must be positive");
    }
  }

  /** Free ports, durable, revived; 60 s to start, 10 s to stop. */
  public static StoresOptions defaults() {
    return new StoresOptions(0, 0, true, true, Duration.ofSeconds(60), Duration.ofSeconds(10));
  }

  public StoresOptions withPorts(int postgres, int redis) {
    return new StoresOptions(postgres, redis, durable, revive, startWithin, stopWithin);
  }

  public StoresOptions withDurable(boolean on) {
    return new StoresOptions(postgresPort, redisPort, on, revive, startWithin, stopWithin);
  }

  public StoresOptions withRevive(boolean on) {
    return new StoresOptions(postgresPort, redisPort, durable, on, startWithin, stopWithin);
  }

  public StoresOptions withStartWithin(Duration limit) {
    return new StoresOptions(postgresPort, redisPort, durable, revive, limit, stopWithin);
  }

  public StoresOptions withStopWithin(Duration limit) {
    return new StoresOptions(postgresPort, redisPort, durable, revive, startWithin, limit);
  }
}
