package io.madang.gateway.edge.sockjs.session;

import java.util.List;

/** Messages for a session. */
public record Deliver(Opening from, List<String> messages) {}
