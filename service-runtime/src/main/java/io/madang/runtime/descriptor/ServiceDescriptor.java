package io.madang.runtime.descriptor;

import io.madang.runtime.descriptor.hub.HubDescriptor;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Everything the doors need to know to offer a service; announced by each of its nodes.
 *
 * @param service its name, as in {@code POST /api/{service}/{command}}
 * @param version of the descriptor, for people
 * @param topics the prefixes it owns
 * @param commands what it can be asked
 * @param streams what it can be asked that answers with many items
 * @param uploads what it can be asked whose question has many items
 * @param observes what it wants to hear of every gateway's clients
 * @param hubs how it shows itself to clients that speak of hubs
 */
public record ServiceDescriptor(
    String service,
    String version,
    List<TopicDescriptor> topics,
    List<CommandDescriptor> commands,
    List<StreamDescriptor> streams,
    List<UploadDescriptor> uploads,
    List<Observes> observes,
    List<HubDescriptor> hubs) {

  public ServiceDescriptor {
    topics = List.copyOf(topics);
    commands = List.copyOf(commands);
    streams = List.copyOf(streams);
    uploads = List.copyOf(uploads);
    observes = List.copyOf(observes);
    hubs = List.copyOf(hubs);
    if (!service.matches("[a-z][a-z0-9-]{0,31}")) {
      throw new IllegalArgumentException(
          "a service is named by up to 32 lower-case letters, digits and hyphens");
    }
    Set<String> names = new HashSet<>();
    for (CommandDescriptor command : commands) {
      requireNew(names, command.name());
    }
    for (StreamDescriptor stream : streams) {
      requireNew(names, stream.name());
    }
    for (UploadDescriptor upload : uploads) {
      requireNew(names, upload.name());
    }
    new HubCheck(topics, commands, streams, uploads).check(hubs);
  }

  /** Without hubs. */
  public ServiceDescriptor(
      String service,
      String version,
      List<TopicDescriptor> topics,
      List<CommandDescriptor> commands,
      List<StreamDescriptor> streams,
      List<UploadDescriptor> uploads,
      List<Observes> observes) {
    this(service, version, topics, commands, streams, uploads, observes, List.of());
  }

  /** Without uploads. */
  public ServiceDescriptor(
      String service,
      String version,
      List<TopicDescriptor> topics,
      List<CommandDescriptor> commands,
      List<StreamDescriptor> streams,
      List<Observes> observes) {
    this(service, version, topics, commands, streams, List.of(), observes, List.of());
  }

  public ServiceDescriptor taking(UploadDescriptor... taken) {
    return new ServiceDescriptor(
        service, version, topics, commands, streams, List.of(taken), observes, hubs);
  }

  /** Shows itself at these hubs, and no others. */
  public ServiceDescriptor shownAt(HubDescriptor... shown) {
    return new ServiceDescriptor(
        service, version, topics, commands, streams, uploads, observes, List.of(shown));
  }

  private static void requireNew(Set<String> names, String name) {
    if (!names.add(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("two commands, streams or uploads are named " + name);
    }
  }

  /** Finds a command; names match without case. */
  public Optional<CommandDescriptor> command(String name) {
    return commands.stream()
        .filter(command -> command.name().equalsIgnoreCase(name))
        .findFirst();
  }

  /** Finds a stream; names match without case. */
  public Optional<StreamDescriptor> stream(String name) {
    return streams.stream()
        .filter(stream -> stream.name().equalsIgnoreCase(name))
        .findFirst();
  }

  /** Finds an upload; names match without case. */
  public Optional<UploadDescriptor> upload(String name) {
    return uploads.stream()
        .filter(upload -> upload.name().equalsIgnoreCase(name))
        .findFirst();
  }

  public Optional<TopicDescriptor> topic(String prefix) {
    return topics.stream().filter(topic -> topic.prefix().equals(prefix)).findFirst();
  }
}
