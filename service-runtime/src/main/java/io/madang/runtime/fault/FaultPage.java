package io.madang.runtime.fault;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/** The page {@value #PATH} where a test puts the faults it wants (PUT, JSON), and sees what happened (GET). */
public final class FaultPage implements Handler<HttpServerRequest> {
  public static final String PATH = "/faults";

  private final PlannedFaults faults;

  public FaultPage(PlannedFaults faults) {
    this.faults = faults;
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.GET)) {
      request.response().end(faults.report().encode());
    } else if (request.method().equals(HttpMethod.PUT)) {
      request.body().onSuccess(body -> {
        try {
          faults.follow(FaultPlan.from(new JsonObject(body)));
          request.response().setStatusCode(204).end();
        } catch (IllegalArgumentException | DecodeException e) {
          request.response().setStatusCode(400).end(String.valueOf(e.getMessage()));
        }
      });
    } else {
      request.response().setStatusCode(405).end();
    }
  }
}
