package io.madang.gateway.edge.signalr.replay;

/** How the end of a WebSocket is told to the connection that it carries, by a number. */
public final class CarrierEnd {
  /** It broke; whoever is behind it may come back. */
  public static final int LOST = 0;

  /** Its client said goodbye, and means it. */
  public static final int GOODBYE = 1_000;

  /** Another WebSocket has the connection, or the connection is gone: it is cut without a word. */
  public static final int CUT = 204;

  private CarrierEnd() {}
}
