package io.madang.gateway.edge.signalr.session;

/** What is spoken at hubs. For one event loop. */
@FunctionalInterface
public interface HubProtocol {

  /** A transport is there; the client's handshake is what it says first. */
  HubConversation open(HubLink link, HubOpening opening);
}
