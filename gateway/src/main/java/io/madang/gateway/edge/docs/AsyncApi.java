package io.madang.gateway.edge.docs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import java.util.Collection;
import java.util.List;

/**
 * What is said over sockets and streams, as AsyncAPI 3.0: a channel for each kind of topic, and one for what each service is
 * asked.
 */
final class AsyncApi {
  private static final String VERSION = "3.0.0";
  private static final String REPLY = "reply";
  private static final String ERROR = "error";
  private static final String ITEM = "item";
  private static final String COMPLETE = "complete";
  private static final List<String> BROUGHT = List.of("publication", "gap", "unsubscribed");

  private final ObjectNode document = Schemas.object();
  private final ObjectNode channels;
  private final ObjectNode operations;

  /** @param host where this gateway was asked for it */
  private AsyncApi(String host) {
    document.put("asyncapi", VERSION);
    document
        .putObject("info")
        .put("title", "Madang over sockets and streams")
        .put("version", "1")
        .put(
            "description",
            "Frames of the protocol madang.v1. Subscribe to a topic to hear its channel; send commands as frames.")
        .putObject("license")
        .put("name", "Apache-2.0");
    document.put("defaultContentType", "application/json");
    ObjectNode servers = document.putObject("servers");
    server(servers, "socket", host, "/ws", "ws", "WebSockets that speak madang.v1");
    server(servers, "stream", host, "/stream", "http", "Topics as server-sent events");
    channels = document.putObject("channels");
    operations = document.putObject("operations");
  }

  private static void server(
      ObjectNode servers, String name, String host, String path, String protocol, String text) {
    servers
        .putObject(name)
        .put("host", host)
        .put("pathname", path)
        .put("protocol", protocol)
        .put("description", text)
        .putArray("security")
        .add(Schemas.reference("#/components/securitySchemes/bearer"));
  }

  /** @param services as people may see them */
  static ObjectNode of(Collection<ServiceDescriptor> services, String host) {
    AsyncApi api = new AsyncApi(host);
    services.forEach(service -> {
      service.topics().forEach(topic -> api.topic(service.service(), topic));
      api.asked(service);
    });
    api.components();
    return api.document;
  }

  private void topic(String service, TopicDescriptor topic) {
    String name = service + "." + topic.prefix();
    ObjectNode channel = channels
        .putObject(name)
        .put("address", topic.prefix() + ":{id}")
        .put("title", topic.prefix())
        .put("description", told(topic));
    channel
        .putObject("parameters")
        .putObject("id")
        .put("description", "Which one; a topic that exists once is named without colon and id.");
    ObjectNode messages = channel.putObject("messages");
    BROUGHT.forEach(each -> messages.set(each, Schemas.reference("#/components/messages/" + each)));
    operations
        .putObject("hear." + name)
        .put("action", "send")
        .put("summary", "What topics of " + topic.prefix() + " bring to whoever subscribed")
        .set("channel", Schemas.reference("#/channels/" + name));
  }

  private static String told(TopicDescriptor topic) {
    return switch (topic.history()) {
          case ALL -> "All of its past can be told.";
          case WINDOW -> "The newest part of its past can be told.";
          case NONE -> "Nothing of its past can be told, but what it comes to.";
        }
        + topic
            .guard()
            .map(guard -> " Who may hear it is decided by " + guard + ".")
            .orElse("");
  }

  private void asked(ServiceDescriptor service) {
    String name = service.service() + ".asked";
    ObjectNode channel = channels
        .putObject(name)
        .put("address", service.service())
        .put("description", "What people may ask of " + service.service() + ".");
    ObjectNode messages = channel.putObject("messages");
    for (String each : List.of(REPLY, ERROR, ITEM, COMPLETE)) {
      messages.set(each, Schemas.reference("#/components/messages/" + each));
    }
    service
        .commands()
        .forEach(command -> ask(
            name,
            messages,
            "command",
            command.name(),
            command.parameters(),
            command.positions(),
            List.of(REPLY, ERROR)));
    service
        .streams()
        .forEach(stream -> ask(
            name,
            messages,
            "stream",
            stream.name(),
            stream.parameters(),
            List.of(),
            List.of(ITEM, COMPLETE, ERROR)));
    service
        .uploads()
        .forEach(upload -> ask(
            name,
            messages,
            "upload",
            upload.name(),
            upload.parameters(),
            List.of(),
            List.of(ITEM, REPLY, ERROR)));
  }

  private void ask(
      String channel,
      ObjectNode messages,
      String type,
      String name,
      List<Parameter> parameters,
      List<List<String>> positions,
      List<String> answers) {
    String service = channel.substring(0, channel.indexOf('.'));
    ObjectNode message = messages.putObject(name).put("title", name);
    message.set("payload", frame(type, service, name, Schemas.arguments(parameters, positions)));
    ObjectNode operation = operations
        .putObject(service + "." + name)
        .put("action", "receive")
        .put("summary", "A " + type + " of " + service);
    operation.set("channel", Schemas.reference("#/channels/" + channel));
    operation
        .putArray("messages")
        .add(Schemas.reference("#/channels/" + channel + "/messages/" + name));
    ObjectNode reply = operation.putObject("reply");
    reply.set("channel", Schemas.reference("#/channels/" + channel));
    answers.forEach(answer -> reply
        .withArray("messages")
        .add(Schemas.reference("#/channels/" + channel + "/messages/" + answer)));
  }

  private static ObjectNode frame(String type, String service, String name, ObjectNode args) {
    ObjectNode schema = Schemas.object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    properties.putObject("type").put("const", type);
    properties.putObject("ref").put("type", "integer").put("minimum", 1);
    properties.putObject("service").put("const", service);
    properties.putObject("name").put("const", name);
    if (type.equals("command")) {
      properties.putObject("id").put("type", "string").put("minLength", 1).put("maxLength", 128);
    }
    properties.set("args", args);
    schema.putArray("required").add("type").add("ref").add("service").add("name");
    return schema;
  }

  private void components() {
    ObjectNode components = document.putObject("components");
    ObjectNode messages = components.putObject("messages");
    message(messages, "publication", Schemas.publication());
    ObjectNode gap = said("gap", "topic");
    ((ObjectNode) gap.get("properties")).set("from", Schemas.position());
    ((ObjectNode) gap.get("properties")).set("to", Schemas.position());
    message(messages, "gap", gap);
    message(messages, "unsubscribed", said("unsubscribed", "topic", "reason"));
    message(messages, REPLY, answering(REPLY, "result"));
    message(messages, ITEM, answering(ITEM, "item"));
    message(messages, COMPLETE, answering(COMPLETE, ""));
    ObjectNode error = Schemas.failure();
    ((ObjectNode) error.get("properties")).putObject("type").put("const", ERROR);
    ((ObjectNode) error.get("properties")).putObject("ref").put("type", "integer");
    message(messages, ERROR, error);
    components
        .putObject("securitySchemes")
        .putObject("bearer")
        .put("type", "http")
        .put("scheme", "bearer")
        .put("bearerFormat", "JWT");
  }

  private static void message(ObjectNode messages, String name, ObjectNode payload) {
    messages.putObject(name).put("title", name).set("payload", payload);
  }

  private static ObjectNode said(String type, String... texts) {
    ObjectNode schema = Schemas.texts(List.of(), List.of(texts));
    ((ObjectNode) schema.get("properties")).putObject("type").put("const", type);
    return schema;
  }

  /** @param member of any kind; empty when there is none */
  private static ObjectNode answering(String type, String member) {
    ObjectNode schema = said(type);
    ObjectNode properties = (ObjectNode) schema.get("properties");
    properties.putObject("ref").put("type", "integer").put("minimum", 1);
    if (!member.isEmpty()) {
      properties.putObject(member);
    }
    schema.putArray("required").add("type").add("ref");
    return schema;
  }
}
