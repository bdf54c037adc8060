package io.madang.benchmarks.generator;

/** Something that takes many turns of the loop and is done at some time. */
interface Errand {
  /** Does what can be done now. */
  boolean isDoneAfterTurn(long now);

  default void onReady(Client client) {}

  default void onAnswer(Client client, boolean good) {}

  /** A connection is lost that should not be. */
  default void onEnd(Client client, String why) {}
}
