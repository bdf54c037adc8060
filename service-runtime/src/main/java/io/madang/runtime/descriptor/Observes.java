package io.madang.runtime.descriptor;

/** What a service can ask to hear of the clients of every gateway. */
public sealed interface Observes {

  /** Every authenticated connection. */
  record Connections() implements Observes {}

  /** Every subscription to a topic with this prefix. */
  record Subscriptions(String prefix) implements Observes {}
}
