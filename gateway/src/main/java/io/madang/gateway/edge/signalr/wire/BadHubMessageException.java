package io.madang.gateway.edge.signalr.wire;

/** What came is no message of the hub protocol. Carries no stack. */
public final class BadHubMessageException extends Exception {
  private static final long serialVersionUID = 1;

  public BadHubMessageException(String message) {
    super(message, null, false, false);
  }
}
