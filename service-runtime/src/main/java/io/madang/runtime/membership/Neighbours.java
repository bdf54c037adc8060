package io.madang.runtime.membership;

/** Where a node learns of the others: the cluster, or nobody when there is one process only. */
public interface Neighbours {

  /** Told on any thread; for every node already there and each that comes and goes. */
  interface Listener {
    void found(NodeInfo node);

    void lost(String id);
  }

  /** Starts telling. */
  void watch(Listener listener);

  /**
   * Tells at once what has changed and was not told yet. The mesh asks for it several times a second, so nothing stays untold for
   * longer, whatever holds up who tells by himself. Returns at once; safe on any thread.
   */
  default void look() {}

  /** One process, nobody else. */
  static Neighbours none() {
    return listener -> {};
  }
}
