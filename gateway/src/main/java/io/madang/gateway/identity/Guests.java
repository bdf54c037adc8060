package io.madang.gateway.identity;

import io.madang.runtime.config.Secret;
import io.vertx.core.Future;

/** Lets people in who did not say who they are. Of one event loop; bounded for each network address. */
@FunctionalInterface
public interface Guests {

  /** An access token of a new guest; fails where that address has made as many as it may. */
  Future<Secret> come(String address);
}
