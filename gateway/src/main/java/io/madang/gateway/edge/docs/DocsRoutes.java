package io.madang.gateway.edge.docs;

import io.madang.gateway.edge.http.Entity;
import io.madang.gateway.edge.http.Problems;
import io.madang.gateway.edge.http.ServiceRoutes;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.mesh.directory.Directory;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/**
 * {@code GET /api/docs}: what can be asked here, as a page, as {@code openapi.json} and as {@code asyncapi.json}. Made of what the
 * services of the mesh say of themselves at the moment; asked without signing in.
 */
public final class DocsRoutes {
  private static final String PATH = "/api/docs";

  private final Directory directory;

  public DocsRoutes(Directory directory) {
    this.directory = directory;
  }

  public void mount(Router router) {
    mount(router, PATH, "text/html; charset=utf-8", request -> IndexPage.of(services()));
    mount(
        router,
        PATH + "/openapi.json",
        "application/json",
        request -> OpenApi.of(services()).toString());
    mount(
        router,
        PATH + "/asyncapi.json",
        "application/json",
        request -> AsyncApi.of(services(), host(request)).toString());
  }

  private static void mount(
      Router router, String path, String type, Function<HttpServerRequest, String> document) {
    router
        .route(path)
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(context -> Entity.send(
            context.request(),
            type,
            document.apply(context.request()).getBytes(StandardCharsets.UTF_8)));
    router.route(path).handler(context -> Problems.onlyTakes(context, "GET, HEAD, OPTIONS"));
  }

  private List<ServiceDescriptor> services() {
    return directory.services().stream().map(ServiceRoutes::forPeople).toList();
  }

  private static String host(HttpServerRequest request) {
    return request.authority() == null ? "localhost" : request.authority().toString();
  }
}
