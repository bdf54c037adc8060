package io.madang.gateway.edge.signalr.replay;

import java.time.Duration;

/**
 * What hub connections may do for clients that lose their WebSocket.
 *
 * @param window so long a connection waits for its client to come back; zero where none may
 * @param maxBytes with so many that its client has not confirmed a connection says no more until it has
 * @param budget of all connections of the gateway
 */
public record ResumeRules(Duration window, int maxBytes, ReplayBudget budget) {
  /** Whether clients may come back at all. */
  public boolean mayResume() {
    return !window.isZero();
  }
}
