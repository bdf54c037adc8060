package io.madang.runtime.bus;

/**
 * Places at which a test of the mesh makes things go wrong. In production it is {@link #NONE}, and nothing happens at any of
 * them.
 */
public interface FaultPoints {
  FaultPoints NONE = new FaultPoints() {};

  /**
   * A message leaves for a node; on any thread.
   *
   * @param onward sends it, as often and as late as it is run
   */
  default void leaving(String target, BusMessage message, Runnable onward) {
    onward.run();
  }

  /** What is lasting already is about to be published, on the loop of the service. */
  default void beforePublishing() {}
}
