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

  /** Set when the gateway stops: told when no connection that lives at it has one. */
  private Optional<Promise<Void>> emptied = Optional.empty();

  void opened(HubCarrier carrier) {
    carriers.add(carrier);
  }

  void gone(HubCarrier carrier) {
    carriers.remove(carrier);
    tellIfEmptied();
  }

  private void tellIfEmptied() {
    if (carriers.stream().noneMatch(HubCarrier::isOfThisGateway)) {
      emptied.ifPresent(Promise::tryComplete);
    }
  }

  /**
   * The gateway stops. Connections that live at it are waited for, as they say goodbye or go on elsewhere; those of another keep their
   * WebSockets until this gateway takes no new ones, as their clients would come right back.
   *
   * @return succeeds when the WebSockets of all that live at it are gone
   */
  public Future<Void> leave() {
    Promise<Void> promise = Promise.promise();
    emptied = Optional.of(promise);
    tellIfEmptied();
    return promise.future();
  }

  /** Ends all at once. */
  public void cutAll() {
    List.copyOf(carriers).forEach(HubCarrier::cut);
  }
}
