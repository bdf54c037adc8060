package io.madang.runtime.descriptor;

import io.madang.runtime.descriptor.hub.HubDescriptor;
import io.madang.runtime.descriptor.hub.HubGreeting;
import io.madang.runtime.descriptor.hub.HubListener;
import io.madang.runtime.descriptor.hub.HubMethod;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether what a service shows at hubs is there. */
final class HubCheck {
  private final List<TopicDescriptor> topics;
  private final List<CommandDescriptor> commands;
  private final List<StreamDescriptor> streams;
  private final List<UploadDescriptor> uploads;

  HubCheck(
      List<TopicDescriptor> topics,
      List<CommandDescriptor> commands,
      List<StreamDescriptor> streams,
      List<UploadDescriptor> uploads) {
    this.topics = topics;
    this.commands = commands;
    this.streams = streams;
    this.uploads = uploads;
  }

  /** @throws IllegalArgumentException when something is not */
  void check(List<HubDescriptor> hubs) {
    Set<String> names = new HashSet<>();
    for (HubDescriptor hub : hubs) {
      require(names.add(hub.hub()), "the hub " + hub.hub() + " is described twice");
      hub.methods().forEach(method -> check(hub, method));
      hub.listeners().forEach(listener -> check(hub, listener));
      hub.greeting().asks().forEach(ask -> check(hub, ask));
    }
  }

  private void check(HubDescriptor hub, HubMethod method) {
    String where = "the method " + method.name() + " of the hub " + hub.hub();
    List<Parameter> parameters = parameters(method)
        .orElseThrow(() -> new IllegalArgumentException(
            where + " asks " + method.asks() + ", which people cannot ask"));
    method
        .parameters()
        .forEach(name -> require(has(parameters, name), where + " gives no parameter " + name));
    method
        .constants()
        .keySet()
        .forEach(name -> require(has(parameters, name), where + " gives no parameter " + name));
    for (Parameter parameter : parameters) {
      require(
          !parameter.required()
              || method.parameters().contains(parameter.name())
              || method.constants().containsKey(parameter.name()),
          where + " does not give " + parameter.name());
    }
  }

  private Optional<List<Parameter>> parameters(HubMethod method) {
    return switch (method.kind()) {
      case COMMAND -> command(method.asks()).map(CommandDescriptor::parameters);
      case STREAM ->
        streams.stream()
            .filter(each -> each.name().equals(method.asks()))
            .findFirst()
            .map(StreamDescriptor::parameters);
      case UPLOAD ->
        uploads.stream()
            .filter(each -> each.name().equals(method.asks()))
            .findFirst()
            .map(UploadDescriptor::parameters);
    };
  }

  private Optional<CommandDescriptor> command(String name) {
    return commands.stream()
        .filter(each -> each.name().equals(name))
        .filter(each -> each.access() == CommandDescriptor.Access.PEOPLE)
        .findFirst();
  }

  private void check(HubDescriptor hub, HubListener listener) {
    require(
        topics.stream().anyMatch(topic -> topic.prefix().equals(listener.prefix())),
        "the hub " + hub.hub() + " hears of " + listener.prefix() + ": which is not the service's");
  }

  private void check(HubDescriptor hub, HubGreeting.Ask ask) {
    require(
        command(ask.command()).isPresent(),
        "the greeting of the hub " + hub.hub() + " asks " + ask.command()
            + ", which people cannot ask");
  }

  private static boolean has(List<Parameter> parameters, String name) {
    return parameters.stream().anyMatch(parameter -> parameter.name().equals(name));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
