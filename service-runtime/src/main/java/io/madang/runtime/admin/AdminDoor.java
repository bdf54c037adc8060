package io.madang.runtime.admin;

import io.madang.runtime.config.Secret;
import io.madang.runtime.inspect.MeshPage;
import io.madang.runtime.mesh.MeshInspector;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET} {@value #PATH}{@code ?view=nodes|interest|topics|positions&prefix=&topic=&top=&withinMs=}: the mesh that lives, as
 * this process finds it by asking all others. Answers JSON; 400 when the question makes no sense, 403 to those who may not ask, 503
 * when {@value #MAX_LOOKS} looks are under way. For one event loop, that of the server it stands at.
 */
public final class AdminDoor {
  public static final String PATH = "/admin/mesh";

  /** Each look asks every node of the mesh. */
  static final int MAX_LOOKS = 4;

  private static final Logger LOG = LoggerFactory.getLogger(AdminDoor.class);

  private final AdminGate gate;
  private final MeshInspector inspector;

  /** Looks under way. */
  private int looks;

  /** @param secret lets in who is not on this machine; empty: nobody */
  public AdminDoor(Secret secret, MeshInspector inspector) {
    this.gate = new AdminGate(secret);
    this.inspector = inspector;
  }

  public void onRequest(HttpServerRequest request) {
    if (isRefused(request, gate)) {
      return;
    }
    if (!request.method().equals(HttpMethod.GET)) {
      problem(request, 405, "bad-request", "Only GET is answered here.");
    } else if (looks >= MAX_LOOKS) {
      problem(request, 503, "busy", "As many others are looking now as may; try again.");
    } else {
      look(request);
    }
  }

  /** Whether the gate keeps it out, which it is told then. */
  static boolean isRefused(HttpServerRequest request, AdminGate gate) {
    Optional<String> refusal =
        gate.refusal(isFromThisMachine(request), host(request), request.headers()::get);
    refusal.ifPresent(why -> problem(request, 403, "forbidden", why));
    return refusal.isPresent();
  }

  private static boolean isFromThisMachine(HttpServerRequest request) {
    SocketAddress other = request.connection().remoteAddress();
    try {
      // An address in digits, so no name is looked up.
      return other != null
          && other.hostAddress() != null
          && InetAddress.getByName(other.hostAddress()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Not the header of that name, which HTTP/2 has not. */
  private static String host(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    return authority == null ? null : authority.host();
  }

  private void look(HttpServerRequest request) {
    AdminQuery query;
    try {
      query = AdminQuery.of(parameters(request.params()));
    } catch (AdminQuery.BadQueryException e) {
      problem(request, 400, "bad-request", e.getMessage());
      return;
    }
    looks++;
    inspector
        .look(query.view(), query.inspection(), query.within())
        .map(report -> new MeshPage(report).of(query.view(), query.inspection().top()))
        .onComplete(page -> {
          looks--;
          if (page.succeeded()) {
            answer(request, 200, page.result());
          } else {
            LOG.error("Looking into the mesh broke", page.cause());
            problem(request, 500, "internal", "Something went wrong here; see the log.");
          }
        });
  }

  static Map<String, String> parameters(MultiMap given) {
    Map<String, String> parameters = new TreeMap<>();
    given.forEach(entry -> parameters.put(entry.getKey(), entry.getValue()));
    return parameters;
  }

  static void problem(HttpServerRequest request, int status, String code, String message) {
    answer(request, status, new JsonObject().put("code", code).put("message", message));
  }

  static void answer(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .end(body.encodePrettily() + "\n");
  }
}
