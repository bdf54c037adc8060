package io.madang.gateway.edge.sockjs.session;

/** A response waits for what a session says; it opens the session if there is none. */
public record Receive(Opening from, Reception reception) {}
