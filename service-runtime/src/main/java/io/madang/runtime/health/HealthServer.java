package io.madang.runtime.health;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/**
 * The pages that operators' tools read: {@value #LIVE} (200 while the process answers at all), {@value #READY} (200, or 503 with
 * what is missing) and {@value #METRICS} (Prometheus text).
 */
public final class HealthServer {
  public static final String LIVE = "/health/live";
  public static final String READY = "/health/ready";
  public static final String METRICS = "/metrics";

  private final Vertx vertx;
  private final Health health;
  private final PrometheusMeterRegistry metrics;

  /** By path; complete before the start. */
  private final Map<String, Handler<HttpServerRequest>> furtherPages = new HashMap<>();

  /** Null until started. */
  private HttpServer server;

  public HealthServer(Vertx vertx, Health health, PrometheusMeterRegistry metrics) {
    this.vertx = vertx;
    this.health = health;
    this.metrics = metrics;
  }

  /** Serves one more page; before the start. */
  public void serve(String path, Handler<HttpServerRequest> page) {
    furtherPages.put(path, page);
  }

  /**
   * @param port 0 for any free one
   * @return the port it listens on
   */
  public Future<Integer> start(String host, int port) {
    server = vertx
        .createHttpServer(new HttpServerOptions().setIdleTimeout(30))
        .requestHandler(this::onRequest);
    return server.listen(port, host).map(HttpServer::actualPort);
  }

  public Future<Void> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }

  private void onRequest(HttpServerRequest request) {
    switch (request.path()) {
      case LIVE -> live(request);
      case READY -> ready(request, health);
      case METRICS ->
        request
            .response()
            .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            .end(metrics.scrape());
      default ->
        furtherPages.getOrDefault(request.path(), HealthServer::notFound).handle(request);
    }
  }

  private static void notFound(HttpServerRequest request) {
    request.response().setStatusCode(404).end();
  }

  /** Answers {@value #LIVE}. */
  public static void live(HttpServerRequest request) {
    json(request, 200, new JsonObject().put("status", "UP"));
  }

  /** Answers {@value #READY}. */
  public static void ready(HttpServerRequest request, Health health) {
    JsonObject problems = new JsonObject();
    health.problems().forEach(problems::put);
    json(
        request,
        problems.isEmpty() ? 200 : 503,
        new JsonObject()
            .put("status", problems.isEmpty() ? "UP" : "DOWN")
            .put("problems", problems));
  }

  private static void json(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .end(body.encode());
  }
}
