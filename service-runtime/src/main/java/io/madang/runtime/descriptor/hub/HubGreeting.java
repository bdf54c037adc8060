package io.madang.runtime.descriptor.hub;

import io.madang.runtime.topic.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What happens when a client has connected to a hub: first its topics, then its questions, in their order. What fails of it is
 * left out.
 *
 * @param topics it hears; a name may hold <code>{user}</code>, the caller's id
 * @param asks what the service is asked in its name, and what it hears of the answer
 */
public record HubGreeting(List<String> topics, List<Ask> asks) {
  public static final HubGreeting NONE = new HubGreeting(List.of(), List.of());

  /**
   * One question in the name of a client that has connected.
   *
   * @param command of the service
   * @param arguments by name
   * @param tells what the client hears of the result
   */
  public record Ask(String command, Map<String, Payload> arguments, List<CallerEvent> tells) {
    public Ask {
      arguments = Map.copyOf(arguments);
      tells = List.copyOf(tells);
    }
  }

  public HubGreeting {
    topics = List.copyOf(topics);
    asks = List.copyOf(asks);
  }

  public static HubGreeting subscribing(String... topics) {
    return new HubGreeting(List.of(topics), List.of());
  }

  /** Asks a command without arguments too. */
  public HubGreeting asking(String command, CallerEvent... tells) {
    return asking(new Ask(command, Map.of(), List.of(tells)));
  }

  public HubGreeting asking(Ask ask) {
    List<Ask> all = new ArrayList<>(asks);
    all.add(ask);
    return new HubGreeting(topics, all);
  }
}
