package io.madang.benchmarks.generator;

import io.madang.benchmarks.hearing.Subscription;

/** How one kind of server is spoken to. Requests are the text of one message each. */
interface Door {
  /** Path and further headers of the upgrade, for the client with this number and token. */
  String path(int client, String token);

  /** Whether clients say everything in binary messages, and not in text. */
  default boolean isBinary() {
    return false;
  }

  /** What a client says first; empty when it is ready at once. */
  byte[] hello(String token);

  /** Asks for a topic's publications; empty when they come unasked. */
  String subscribe(long ref, String topic);

  /** Asks for what came since, on a new connection. */
  byte[] resume(long ref, Iterable<Subscription> subscriptions);

  /** Sends a message of the load. */
  byte[] letter(long ref, String topic, byte[] text);

  /** What a client has to say every five seconds to be kept; empty where it has not to. */
  byte[] signOfLife();

  /** Whether requests are answered; otherwise a message counts as accepted once it is sent. */
  boolean answers();

  /** Takes in a message that is not the publication expected next. */
  void onMessage(Client client, byte[] bytes, int from, int to);
}
