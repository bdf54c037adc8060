package io.madang.gateway.edge.signalr.session;

import io.madang.gateway.identity.Credential;
import io.madang.runtime.topic.StreamPosition;
import java.util.Map;
import java.util.Optional;

/**
 * What a conversation knows that goes on at another gateway.
 *
 * @param isBinary whether its messages are bytes
 * @param credential by which its client was let in
 * @param topics what it hears, by name, and up to where it was said
 */
public record HubMemory(
    boolean isBinary, Optional<Credential> credential, Map<String, StreamPosition> topics) {
  public HubMemory {
    topics = Map.copyOf(topics);
  }
}
