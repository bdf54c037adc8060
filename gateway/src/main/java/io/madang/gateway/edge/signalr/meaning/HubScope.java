package io.madang.gateway.edge.signalr.meaning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.runtime.command.Caller;
import java.time.Instant;
import java.util.Optional;

/**
 * What values of a hub are taken from.
 *
 * @param data of the publication, result, item or refusal
 * @param topicId of the publication's topic; absent where there is none
 * @param told who is told; absent where many are
 */
public record HubScope(JsonNode data, Instant time, Optional<String> topicId, Optional<Told> told) {

  /** No arguments; read only. */
  public static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();

  /**
   * One connection that is told something.
   *
   * @param arguments of its call, by parameter
   */
  public record Told(Caller caller, String connection, ObjectNode arguments) {}

  /** Of what one connection is told that has no topic. */
  public static HubScope of(JsonNode data, Instant time, Told told) {
    return new HubScope(data, time, Optional.empty(), Optional.of(told));
  }

  HubScope with(JsonNode other) {
    return new HubScope(other, time, topicId, told);
  }
}
