package io.madang.gateway.edge.signalr.session;

/** What carries a hub connection. */
public enum HubTransport {
  WEBSOCKETS,
  /** Carries text only. */
  SERVER_SENT_EVENTS,
  /** Each request is a sign of life; nobody pings. */
  LONG_POLLING
}
