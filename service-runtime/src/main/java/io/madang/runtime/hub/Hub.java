package io.madang.runtime.hub;

import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.StreamDescriptor;
import io.madang.runtime.descriptor.UploadDescriptor;
import io.madang.runtime.descriptor.hub.HubDescriptor;
import io.madang.runtime.descriptor.hub.HubGreeting;
import io.madang.runtime.descriptor.hub.HubListener;
import io.madang.runtime.descriptor.hub.HubMethod;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One hub, as its clients see it.
 *
 * @param name of it
 * @param methods of all services, those with one name next to each other no more than they happen to be
 * @param listeners of all services
 * @param greetings of all services, by the services' names
 */
public record Hub(
    String name, List<Method> methods, List<HubListener> listeners, List<Greeting> greetings) {

  /**
   * One signature of a method, with whom it asks.
   *
   * @param parameters of the arguments, in their order
   * @param role that its callers need
   */
  public record Method(
      String service, HubMethod method, List<Parameter> parameters, Optional<String> role) {

    /** How many of the arguments must be given; the others stand behind them. */
    public int required() {
      int required = parameters.size();
      while (required > 0 && !parameters.get(required - 1).required()) {
        required--;
      }
      return required;
    }

    /** Whether a client's stream comes with it. */
    public boolean isUpload() {
      return method.kind() == HubMethod.Kind.UPLOAD;
    }
  }

  /** What happens of one service when a client has connected. */
  public record Greeting(String service, HubGreeting greeting) {}

  /** All that is called so, without case; empty when nothing is. */
  public List<Method> methods(String called) {
    return methods.stream()
        .filter(each -> each.method().name().equalsIgnoreCase(called))
        .toList();
  }

  static Hub of(String name, Iterable<ServiceDescriptor> services) {
    List<Method> methods = new ArrayList<>();
    List<HubListener> listeners = new ArrayList<>();
    List<Greeting> greetings = new ArrayList<>();
    Set<String> claims = new LinkedHashSet<>();
    for (ServiceDescriptor service : services) {
      for (HubDescriptor part : service.hubs()) {
        if (part.hub().equals(name)) {
          for (HubMethod method : part.methods()) {
            Method bound = bind(service, method);
            claim(claims, name, bound);
            methods.add(bound);
          }
          listeners.addAll(part.listeners());
          if (!part.greeting().equals(HubGreeting.NONE)) {
            greetings.add(new Greeting(service.service(), part.greeting()));
          }
        }
      }
    }
    return new Hub(name, List.copyOf(methods), List.copyOf(listeners), List.copyOf(greetings));
  }

  private static Method bind(ServiceDescriptor service, HubMethod method) {
    List<Parameter> known = switch (method.kind()) {
      case COMMAND ->
        service.command(method.asks()).map(CommandDescriptor::parameters).orElseThrow();
      case STREAM ->
        service.stream(method.asks()).map(StreamDescriptor::parameters).orElseThrow();
      case UPLOAD ->
        service.upload(method.asks()).map(UploadDescriptor::parameters).orElseThrow();
    };
    List<Parameter> arguments = method.parameters().stream()
        .map(parameter -> known.stream()
            .filter(each -> each.name().equals(parameter))
            .findFirst()
            .orElseThrow())
        .toList();
    return new Method(service.service(), method, arguments, role(service, method));
  }

  private static Optional<String> role(ServiceDescriptor service, HubMethod method) {
    return switch (method.kind()) {
      case COMMAND -> service.command(method.asks()).flatMap(CommandDescriptor::role);
      case STREAM -> service.stream(method.asks()).flatMap(StreamDescriptor::role);
      case UPLOAD -> service.upload(method.asks()).flatMap(UploadDescriptor::role);
    };
  }

  /** Every way in which it can be called must be its own. */
  private static void claim(Set<String> claims, String hub, Method method) {
    String name = method.method().name().toLowerCase(Locale.ROOT);
    for (int given = method.required(); given <= method.parameters().size(); given++) {
      List<Kind> kinds = method.parameters().subList(0, given).stream()
          .map(parameter -> Kind.of(parameter.type()))
          .toList();
      if (!claims.add(name + kinds + method.isUpload())) {
        throw new Hubs.TwiceClaimedException("the method " + method.method().name() + kinds
            + " of the hub " + hub + ", which is claimed already");
      }
    }
  }
}
