package io.madang.gateway.connection;

import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.UserPlaces;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Room for a few connections of each user. */
final class FakePlaces implements UserPlaces {
  final List<String> taken = new ArrayList<>();
  int max = 2;

  @Override
  public Future<Admission.Verdict> admitUser(String user) {
    if (taken.size() == max) {
      return Future.succeededFuture(new Admission.TooMany(max));
    }
    taken.add(user);
    return Future.succeededFuture(new Admission.Welcome());
  }

  @Override
  public void releaseUser(String user) {
    taken.remove(user);
  }
}
