package io.madang.stores;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that holds a data directory until it is killed: prints both addresses, then waits. */
final class StoresOwner {
  private StoresOwner() {}

  public static void main(String[] args) throws InterruptedException {
    EmbeddedStores stores = EmbeddedStores.start(Path.of(args[0]), StoresOptions.defaults());
    System.out.println("postgres " + stores.postgresUrl().reveal());
    System.out.println("redis " + stores.redisUrl().reveal());
    System.out.println("ready " + stores.postgres().pid() + " " + stores.redis().pid());
    new CountDownLatch(1).await();
  }
}
