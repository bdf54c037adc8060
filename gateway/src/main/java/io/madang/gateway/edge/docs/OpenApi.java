package io.madang.gateway.edge.docs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.CommandDescriptor.IdKind;
import io.madang.runtime.descriptor.Files;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ServiceDescriptor;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What can be asked over HTTP, as OpenAPI 3.1. */
final class OpenApi {
  private static final String VERSION = "3.1.0";
  private static final String GATEWAY = "gateway";
  private static final String SIGN_IN = "sign-in";
  private static final String JSON = "application/json";
  private static final String KEY = "IdempotencyKey";
  private static final String PROBLEM = "Problem";
  private static final String PUBLICATION = "Publication";
  private static final String TOKENS = "Tokens";

  private final ObjectNode document = Schemas.object();
  private final ObjectNode paths;

  private OpenApi() {
    document.put("openapi", VERSION);
    document
        .putObject("info")
        .put("title", "Madang over HTTP")
        .put(
            "description",
            "One command a request, pages of a topic's past, and topics as server-sent events. Failures are problem"
                + " documents whose code is that of the native protocol.")
        .put("version", "1")
        .putObject("license")
        .put("name", "Apache-2.0")
        .put("identifier", "Apache-2.0");
    document.putArray("servers").addObject().put("url", "/");
    ArrayNode security = document.putArray("security");
    security.addObject().putArray("bearer");
    security.addObject().putArray("cookie");
    paths = document.putObject("paths");
  }

  /** @param services as people may see them */
  static ObjectNode of(Collection<ServiceDescriptor> services) {
    OpenApi api = new OpenApi();
    for (ServiceDescriptor service : services) {
      service.commands().forEach(command -> api.command(service.service(), command));
      if (Files.areKeptBy(service)) {
        new UploadPaths(api, service).describe();
      }
    }
    api.topics();
    api.itself();
    api.signIn();
    api.components();
    return api.document;
  }

  /** A new operation, without its answers. */
  ObjectNode operation(String path, String method, String tag, String id, String summary) {
    ObjectNode item = paths.has(path) ? (ObjectNode) paths.get(path) : paths.putObject(path);
    ObjectNode operation = item.putObject(method).put("operationId", id).put("summary", summary);
    operation.putArray("tags").add(tag);
    return operation;
  }

  /** The answers to a request; what is not said is a problem. The answer that is said. */
  static ObjectNode answers(ObjectNode operation, String status, String type, ObjectNode schema) {
    ObjectNode responses = operation.putObject("responses");
    ObjectNode answer = responses.putObject(status).put("description", "Done.");
    if (!type.isEmpty()) {
      answer.putObject("content").putObject(type).set("schema", schema);
    }
    responses.set("default", Schemas.reference("#/components/responses/" + PROBLEM));
    return answer;
  }

  private static ObjectNode component(String schema) {
    return Schemas.reference("#/components/schemas/" + schema);
  }

  private void command(String service, CommandDescriptor command) {
    String path = "/api/" + service + "/" + command.name();
    ObjectNode operation =
        operation(path, "post", service, service + "." + command.name(), summary(service, command));
    command
        .role()
        .ifPresent(role -> operation.put("description", "Only with the role " + role + "."));
    ArrayNode parameters = operation.putArray("parameters");
    if (command.idKind() != IdKind.REPEATABLE) {
      parameters.add(Schemas.reference("#/components/parameters/" + KEY));
    }
    List<Parameter> scalars = command.parameters().stream()
        .filter(parameter -> Schemas.isScalar(parameter.type()))
        .toList();
    scalars.forEach(parameter -> parameters
        .addObject()
        .put("name", parameter.name())
        .put("in", "query")
        .put("description", "In the query, a form or the body, once.")
        .set("schema", Schemas.of(parameter)));
    if (!command.parameters().isEmpty()) {
      ObjectNode content = operation.putObject("requestBody").putObject("content");
      content
          .putObject(JSON)
          .set("schema", Schemas.arguments(command.parameters(), command.positions()));
      if (!scalars.isEmpty()) {
        content
            .putObject("application/x-www-form-urlencoded")
            .set("schema", Schemas.byName(scalars));
      }
    }
    answers(operation, "200", JSON, Schemas.object());
  }

  private static String summary(String service, CommandDescriptor command) {
    return "Asks " + service + " to " + command.name() + "; "
        + switch (command.idKind()) {
          case CREATES ->
            "a repeat with the same key brings the first result, as long as what it made is there";
          case RECORDED -> "a repeat with the same key brings the first result, for seven days";
          case REPEATABLE -> "may be done again without harm";
        };
  }

  private void topics() {
    ObjectNode history = operation(
        "/api/topics/{topic}/history",
        "get",
        GATEWAY,
        "history",
        "One page of a topic's past, oldest first");
    ArrayNode parameters = history.putArray("parameters");
    parameters.add(parameter("topic", "path", true, "Name of the topic.", "string"));
    parameters.add(
        parameter("after", "query", false, "Only what came after this offset.", "integer"));
    parameters.add(
        parameter("before", "query", false, "Only what came before this offset.", "integer"));
    parameters.add(parameter("limit", "query", false, "50 unless given, at most 200.", "integer"));
    ObjectNode page = Schemas.object().put("type", "object");
    ObjectNode members = page.putObject("properties");
    members.putObject("topic").put("type", "string");
    members.set("position", Schemas.position());
    members.putObject("more").put("type", "boolean");
    members.putObject("publications").put("type", "array").set("items", component(PUBLICATION));
    answers(history, "200", JSON, page);
    notModified(history);

    ObjectNode stream = operation(
        "/stream",
        "get",
        GATEWAY,
        "stream",
        "Topics as server-sent events; the id of the last event resumes all of them");
    ArrayNode asked = stream.putArray("parameters");
    asked
        .addObject()
        .put("name", "topic")
        .put("in", "query")
        .put("required", true)
        .put("description", "Once for each topic.")
        .putObject("schema")
        .put("type", "array")
        .putObject("items")
        .put("type", "string");
    asked.add(parameter(
        "Last-Event-ID", "header", false, "Id of the last event that was heard.", "string"));
    asked.add(parameter(
        "lastEventId", "query", false, "The same, where no header can be set.", "string"));
    asked.add(parameter("ticket", "query", false, "From /api/auth/ticket; counts once.", "string"));
    answers(stream, "200", "text/event-stream", Schemas.object().put("type", "string"));
  }

  private static void notModified(ObjectNode operation) {
    ((ObjectNode) operation.get("responses"))
        .putObject("304")
        .put("description", "It is what the tag in If-None-Match stands for.");
  }

  static ObjectNode parameter(
      String name, String in, boolean required, String description, String type) {
    ObjectNode parameter = Schemas.object()
        .put("name", name)
        .put("in", in)
        .put("required", required)
        .put("description", description);
    parameter.putObject("schema").put("type", type);
    return parameter;
  }

  private void itself() {
    ObjectNode services = operation(
        "/api/services", "get", GATEWAY, "services", "What every service takes of people");
    services.putArray("security");
    answers(services, "200", JSON, Schemas.object().put("type", "object"));
    notModified(services);
    health("live", "Whether the process goes on");
    health("ready", "Whether clients may be sent here");
  }

  private void health(String what, String summary) {
    ObjectNode operation = operation("/health/" + what, "get", GATEWAY, "health." + what, summary);
    operation.putArray("security");
    answers(operation, "200", "", Schemas.object());
  }

  private void signIn() {
    signIn("guest", "Lets a guest in", List.of(), List.of("name"), Optional.of(TOKENS), false);
    signIn(
        "register",
        "Makes an account and signs it in",
        List.of("name", "password"),
        List.of(),
        Optional.of(TOKENS),
        false);
    signIn(
        "login",
        "Signs an account in",
        List.of("name", "password"),
        List.of(),
        Optional.of(TOKENS),
        false);
    signIn(
        "refresh",
        "Spends a refresh token for new tokens",
        List.of(),
        List.of("refreshToken"),
        Optional.of(TOKENS),
        false);
    signIn("logout", "Ends a sign-in", List.of(), List.of("refreshToken"), Optional.empty(), true);
    signIn(
        "ticket",
        "A ticket that signs in once, for addresses that can carry nothing else",
        List.of(),
        List.of(),
        Optional.of("Ticket"),
        true);
    ObjectNode me = operation("/api/auth/me", "get", SIGN_IN, "me", "Who is signed in");
    answers(me, "200", JSON, Schemas.object().put("type", "object"));
  }

  private void signIn(
      String name,
      String summary,
      List<String> required,
      List<String> optional,
      Optional<String> answer,
      boolean signedIn) {
    ObjectNode operation = operation("/api/auth/" + name, "post", SIGN_IN, name, summary);
    if (!signedIn) {
      operation.putArray("security");
    }
    if (!required.isEmpty() || !optional.isEmpty()) {
      operation
          .putObject("requestBody")
          .put("required", !required.isEmpty())
          .putObject("content")
          .putObject(JSON)
          .set("schema", Schemas.texts(required, optional));
    }
    answers(
        operation,
        answer.isPresent() ? "200" : "204",
        answer.isPresent() ? JSON : "",
        answer.map(OpenApi::component).orElseGet(Schemas::object));
  }

  private void components() {
    ObjectNode components = document.putObject("components");
    ObjectNode problem = components
        .putObject("responses")
        .putObject(PROBLEM)
        .put("description", "It failed; the code says why, and retry whether to try again.");
    problem
        .putObject("headers")
        .putObject("Retry-After")
        .put("description", "Seconds to wait, where waiting helps.")
        .putObject("schema")
        .put("type", "integer");
    problem
        .putObject("content")
        .putObject("application/problem+json")
        .set("schema", component(PROBLEM));
    ObjectNode key = parameter(
        "Idempotency-Key",
        "header",
        false,
        "The command's id, by which a repeat is known.",
        "string");
    ((ObjectNode) key.get("schema")).put("minLength", 1).put("maxLength", 128);
    components.putObject("parameters").set(KEY, key);
    ObjectNode schemas = components.putObject("schemas");
    schemas.set(PROBLEM, problemSchema());
    schemas.set(PUBLICATION, Schemas.publication());
    schemas.set(
        TOKENS, Schemas.texts(List.of("accessToken", "refreshToken", "expiresAt"), List.of()));
    ((ObjectNode) schemas.get(TOKENS).get("properties")).putObject("user").put("type", "object");
    schemas.set("Ticket", Schemas.texts(List.of("ticket"), List.of()));
    ObjectNode ways = components.putObject("securitySchemes");
    ways.putObject("bearer").put("type", "http").put("scheme", "bearer").put("bearerFormat", "JWT");
    ways.putObject("cookie")
        .put("type", "apiKey")
        .put("in", "cookie")
        .put("name", "__Host-madang")
        .put("description", "Set by /api/auth; on loopback without TLS its name is madang.");
  }

  private static ObjectNode problemSchema() {
    ObjectNode schema = Schemas.failure();
    ObjectNode properties = (ObjectNode) schema.get("properties");
    properties.putObject("type").put("type", "string");
    properties.putObject("title").put("type", "string");
    properties.putObject("status").put("type", "integer");
    properties.putObject("detail").put("type", "string");
    ((ArrayNode) schema.get("required")).add("type").add("title").add("status").add("detail");
    return schema;
  }
}
