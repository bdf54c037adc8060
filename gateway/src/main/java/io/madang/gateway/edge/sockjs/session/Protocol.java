package io.madang.gateway.edge.sockjs.session;

/** What is spoken below one base address. For one event loop. */
@FunctionalInterface
public interface Protocol {

  /** A session was opened, and its greeting is out. */
  Conversation open(Link link, Opening opening);
}
