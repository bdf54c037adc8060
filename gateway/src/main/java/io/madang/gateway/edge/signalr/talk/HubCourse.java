package io.madang.gateway.edge.signalr.talk;

/**
 * How far one hub connection is. On its loop.
 *
 * <pre>
 *                handshake good            signed in, topics of the greeting heard: accepted
 *  HANDSHAKING ------------------> ENTERING -----------------------------------------------> OPEN
 *       |                             |                                                       |
 *       +-- refused, or not in time --+---- refused: the handshake's answer says why          |
 *       +------------------------------------------------------------------------------> CLOSED <--+ with a close message
 * </pre>
 *
 * <p>One that may outlive its transport may also go on at another gateway: there it is ENTERING without a handshake, and leaves here
 * from OPEN by MOVING, in which nothing more is said.
 */
final class HubCourse {
  private enum Phase {
    HANDSHAKING,
    ENTERING,
    OPEN,
    MOVING,
    CLOSED
  }

  private final boolean goesOn;
  private Phase phase = Phase.HANDSHAKING;

  /** @param goesOn whether the connection began at another gateway */
  HubCourse(boolean goesOn) {
    this.goesOn = goesOn;
  }

  boolean goesOn() {
    return goesOn;
  }

  boolean isHandshaking() {
    return phase == Phase.HANDSHAKING;
  }

  boolean isEntering() {
    return phase == Phase.ENTERING;
  }

  boolean isOpen() {
    return phase == Phase.OPEN;
  }

  /** Whether the client waits for the answer to its handshake. */
  boolean isUnanswered() {
    return phase == Phase.HANDSHAKING || (phase == Phase.ENTERING && !goesOn);
  }

  /** Whether the client was let in, here or at another gateway, and the connection is not over. */
  boolean isAccepted() {
    return phase == Phase.OPEN || phase == Phase.MOVING || (phase == Phase.ENTERING && goesOn);
  }

  void toEntering() {
    phase = Phase.ENTERING;
  }

  void toOpen() {
    phase = Phase.OPEN;
  }

  void toMoving() {
    phase = Phase.MOVING;
  }

  void toClosed() {
    phase = Phase.CLOSED;
  }
}
