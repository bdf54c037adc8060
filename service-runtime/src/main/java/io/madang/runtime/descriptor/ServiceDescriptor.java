package io.madang.runtime.descriptor;

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
 * @param observes what it wants to hear of every gateway's clients
 */
public record ServiceDescriptor(
    String service,
    String version,
    List<TopicDescriptor> topics,
    List<CommandDescriptor> commands,
    List<StreamDescriptor> streams,
    List<Observes> observes) {

  public ServiceDescriptor {
    topics = List.copyOf(topics);
    commands = List.copyOf(commands);
    streams = List.copyOf(streams);
    observes = List.copyOf(observes);
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
  }

  private static void requireNew(Set<String> names, String name) {
    if (!names.add(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("two commands or streams are named " + name);
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

  public Optional<TopicDescriptor> topic(String prefix) {
    return topics.stream().filter(topic -> topic.prefix().equals(prefix)).findFirst();
  }
}
