package io.madang.gateway.limit;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The way to the one {@link Admission} from every event loop: each question is one hop to its loop and one back. Safe on any
 * event loop; answers arrive on the loop that asked.
 */
public final class AdmissionDesk implements UserPlaces {
  private final Vertx vertx;
  private final Context home;
  private final Admission admission;
  private final LongSupplier clockMs;

  /** @param home the one context the counts are touched on */
  public AdmissionDesk(Vertx vertx, Context home, Admission admission, LongSupplier clockMs) {
    this.vertx = vertx;
    this.home = home;
    this.admission = admission;
    this.clockMs = clockMs;
  }

  /** May one more connection come from this address? If so, {@link #release} it once. */
  public Future<Admission.Verdict> admit(String address) {
    return ask(() -> admission.admit(address, clockMs.getAsLong()));
  }

  /** As {@link #admit}, for a connection that was admitted once and is counted elsewhere no more: how fast they come does not count. */
  public Future<Admission.Verdict> hold(String address) {
    return ask(() -> admission.hold(address));
  }

  public void release(String address) {
    home.runOnContext(turn -> admission.release(address));
  }

  @Override
  public Future<Admission.Verdict> admitUser(String user) {
    return ask(() -> admission.admitUser(user));
  }

  @Override
  public void releaseUser(String user) {
    home.runOnContext(turn -> admission.releaseUser(user));
  }

  private Future<Admission.Verdict> ask(Supplier<Admission.Verdict> question) {
    Context asking = vertx.getOrCreateContext();
    Promise<Admission.Verdict> promise = Promise.promise();
    home.runOnContext(turn -> {
      Admission.Verdict verdict = question.get();
      asking.runOnContext(back -> promise.complete(verdict));
    });
    return promise.future();
  }
}
