package io.madang.gateway.edge.signalr.meaning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.hub.HubMethod;
import io.madang.runtime.hub.Hub;
import io.madang.runtime.hub.Kind;
import java.util.List;
import java.util.Optional;

/** Which signature of a hub's methods a call means. The texts are those that clients of SignalR know. */
public final class HubBinding {
  private HubBinding() {}

  /** What a call means. */
  public sealed interface Bound {}

  /** @param arguments by parameter, constants among them */
  public record Fit(Hub.Method method, ObjectNode arguments) implements Bound {}

  /** @param error why it means nothing, as its client is told */
  public record Unfit(String error) implements Bound {}

  /**
   * Finds it among those of the target's name: the first that fits what was given.
   *
   * @param streams of the client's that come with the call
   * @param wantsStream whether the client waits for items
   */
  public static Bound bind(
      Hub hub, String target, RawJson arguments, List<String> streams, boolean wantsStream) {
    List<Hub.Method> named = hub.methods(target);
    if (named.isEmpty()) {
      return new Unfit("Unknown hub method '" + target + "'");
    }
    List<Hub.Method> ofKind = named.stream()
        .filter(each -> (each.method().kind() == HubMethod.Kind.STREAM) == wantsStream)
        .toList();
    if (ofKind.isEmpty()) {
      return new Unfit(
          wantsStream
              ? "The client attempted to invoke the non-streaming '" + target
                  + "' method with a streaming invocation."
              : "The client attempted to invoke the streaming '" + target
                  + "' method with a non-streaming invocation.");
    }
    List<Hub.Method> withStreams =
        ofKind.stream().filter(each -> expects(each) == streams.size()).toList();
    if (withStreams.isEmpty()) {
      return new Unfit("Client sent " + streams.size() + " stream(s), Hub method expects "
          + expects(ofKind.get(0)) + ".");
    }
    JsonNode given = HubValues.read(arguments.utf8());
    return withStreams.stream()
        .filter(each -> fits(each, given))
        .findFirst()
        .<Bound>map(each -> new Fit(each, byName(each, given)))
        .orElseGet(
            () -> new Unfit("Failed to invoke '" + target + "' due to an error on the server."));
  }

  private static int expects(Hub.Method method) {
    return method.isUpload() ? 1 : 0;
  }

  private static boolean fits(Hub.Method method, JsonNode given) {
    if (given.size() < method.required() || given.size() > method.parameters().size()) {
      return false;
    }
    for (int i = 0; i < given.size(); i++) {
      if (!fits(method.parameters().get(i), given.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean fits(Parameter parameter, JsonNode value) {
    if (value.isNull()) {
      return !parameter.required();
    }
    return switch (Kind.of(parameter.type())) {
      case TEXT -> value.isTextual();
      case NUMBER -> value.isNumber();
      case FLAG -> value.isBoolean();
      case LIST -> value.isArray();
      case OBJECT -> value.isObject();
    };
  }

  private static ObjectNode byName(Hub.Method method, JsonNode given) {
    ObjectNode named = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < given.size(); i++) {
      if (!given.get(i).isNull()) {
        named.set(method.parameters().get(i).name(), given.get(i));
      }
    }
    method
        .method()
        .constants()
        .forEach((name, value) -> named.set(name, HubValues.read(value.utf8())));
    return named;
  }

  /** A topic's name from its template; empty where an argument is needed that is not there. */
  public static Optional<String> topic(String template, String user, ObjectNode arguments) {
    StringBuilder name = new StringBuilder();
    int at = 0;
    while (at < template.length()) {
      int open = template.indexOf('{', at);
      int close = open < 0 ? -1 : template.indexOf('}', open);
      if (close < 0) {
        return Optional.of(name.append(template.substring(at)).toString());
      }
      String place = template.substring(open + 1, close);
      JsonNode filling = arguments.path(place);
      if (!place.equals("user") && !filling.isValueNode()) {
        return Optional.empty();
      }
      name.append(template, at, open).append(place.equals("user") ? user : filling.asText());
      at = close + 1;
    }
    return Optional.of(name.toString());
  }
}
