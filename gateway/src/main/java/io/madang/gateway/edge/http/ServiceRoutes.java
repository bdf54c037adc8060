package io.madang.gateway.edge.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.DescriptorJson;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.health.Health;
import io.madang.runtime.health.HealthServer;
import io.madang.runtime.mesh.directory.Directory;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;

/**
 * What this gateway can do and how it is: {@code GET /api/services} with what every service takes of people, {@code GET
 * /health/live} and {@code GET /health/ready}. Asked without signing in.
 */
public final class ServiceRoutes {
  private static final String PATH = "/api/services";

  private final Directory directory;
  private final Health health;

  public ServiceRoutes(Directory directory, Health health) {
    this.directory = directory;
    this.health = health;
  }

  public void mount(Router router) {
    router.route(PATH).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::onServices);
    router.route(PATH).handler(context -> Problems.onlyTakes(context, "GET, HEAD, OPTIONS"));
    router.get(HealthServer.LIVE).handler(context -> HealthServer.live(context.request()));
    router
        .get(HealthServer.READY)
        .handler(context -> HealthServer.ready(context.request(), health));
  }

  private void onServices(RoutingContext context) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    ArrayNode services = document.putArray("services");
    directory
        .services()
        .forEach(service -> services.add(DescriptorJson.toJson(forPeople(service))));
    Entity.send(
        context.request(),
        "application/json",
        document.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Without what services only ask each other. */
  public static ServiceDescriptor forPeople(ServiceDescriptor service) {
    return new ServiceDescriptor(
        service.service(),
        service.version(),
        service.topics(),
        service.commands().stream()
            .filter(command -> command.access() == CommandDescriptor.Access.PEOPLE)
            .toList(),
        service.streams(),
        service.uploads(),
        service.observes(),
        service.hubs());
  }
}
