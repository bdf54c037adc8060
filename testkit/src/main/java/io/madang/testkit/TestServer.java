package io.madang.testkit;

import io.madang.stores.EmbeddedStore;
import io.madang.stores.StoreUrl;
import java.util.function.Supplier;

/**
 * A PostgreSQL or Redis of one test: durable as in production, on one port all its life, killed and started as the test likes;
 * nothing revives it. All methods block until what they say is so.
 */
public final class TestServer implements AutoCloseable {
  private final EmbeddedStore store;
  private final Supplier<StoreUrl> url;

  TestServer(EmbeddedStore store, Supplier<StoreUrl> url) {
    this.store = store;
    this.url = url;
  }

  /** The whole address with its password, as services take it. */
  public String url() {
    return url.get().reveal();
  }

  public String password() {
    return url.get().revealPassword();
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return store.port();
  }

  /** The process, for signals; PostgreSQL's other processes are its children. */
  public long pid() {
    return store.pid();
  }

  public boolean isRunning() {
    return store.isRunning();
  }

  /** Starts it where it left off; does nothing when it runs. */
  public void start() {
    store.start();
  }

  /** Stops it cleanly. */
  public void stop() {
    store.stop();
  }

  /** Kills it as a crash would, with all its children. */
  public void kill() {
    store.kill();
  }

  public void restart() {
    store.restart();
  }

  @Override
  public void close() {
    store.close();
  }
}
