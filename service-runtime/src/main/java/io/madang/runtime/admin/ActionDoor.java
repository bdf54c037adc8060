package io.madang.runtime.admin;

import io.madang.runtime.config.Secret;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The page of one {@link AdminAction}, for those who may look into the mesh too. For one event loop. */
public final class ActionDoor {
  private static final Logger LOG = LoggerFactory.getLogger(ActionDoor.class);

  private final AdminGate gate;
  private final AdminAction action;

  /** @param secret lets in who is not on this machine; empty: nobody */
  public ActionDoor(Secret secret, AdminAction action) {
    this.gate = new AdminGate(secret);
    this.action = action;
  }

  public void onRequest(HttpServerRequest request) {
    if (AdminDoor.isRefused(request, gate)) {
      return;
    }
    if (!request.method().equals(HttpMethod.POST)) {
      AdminDoor.problem(request, 405, "bad-request", "Only POST is answered here.");
      return;
    }
    done(request)
        .onSuccess(answer -> AdminDoor.answer(request, 200, answer))
        .onFailure(failure -> tell(request, failure));
  }

  private Future<JsonObject> done(HttpServerRequest request) {
    try {
      return action.doing().with(AdminDoor.parameters(request.params()));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static void tell(HttpServerRequest request, Throwable failure) {
    if (failure instanceof AdminAction.RefusedException) {
      AdminDoor.problem(request, 400, "bad-request", failure.getMessage());
    } else {
      LOG.error("What an operator asked of {} broke", request.path(), failure);
      AdminDoor.problem(
          request, 500, "internal", "It was not done, as something is wrong here; see the log.");
    }
  }
}
