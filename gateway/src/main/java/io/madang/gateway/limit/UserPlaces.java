package io.madang.gateway.limit;

import io.vertx.core.Future;

/** How many connections each user has; answers arrive on the event loop that asked. */
public interface UserPlaces {

  /** May one more connection belong to this user? If so, {@link #releaseUser} it once. */
  Future<Admission.Verdict> admitUser(String user);

  void releaseUser(String user);
}
