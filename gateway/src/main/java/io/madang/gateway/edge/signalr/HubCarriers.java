package io.madang.gateway.edge.signalr;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The WebSockets of one event loop that carry hub connections which live elsewhere; touched there only. */
public final class HubCarriers {
  private final Set<HubCarrier> carriers = new LinkedHashSet<>(0);

  /** Set when the gateway stops: told when the last one is gone. */
  private Optional<Promise<Void>> emptied = Optional.empty();

  void opened(HubCarrier carrier) {
    carriers.add(carrier);
  }

  void gone(HubCarrier carrier) {
    carriers.remove(carrier);
    if (carriers.isEmpty()) {
      emptied.ifPresent(Promise::tryComplete);
    }
  }

  /**
   * The gateway stops. Connections that live at another one find their clients again by whatever gateway these come to; those that
   * live at this one are waited for, as they say goodbye or go on elsewhere.
   *
   * @return succeeds when all are gone
   */
  public Future<Void> leave() {
    Promise<Void> promise = Promise.promise();
    emptied = Optional.of(promise);
    List.copyOf(carriers).forEach(HubCarrier::onGatewayStops);
    if (carriers.isEmpty()) {
      promise.tryComplete();
    }
    return promise.future();
  }

  /** Ends all at once. */
  public void cutAll() {
    List.copyOf(carriers).forEach(HubCarrier::onShutdown);
  }
}
