/**
 * The native door {@code /ws} and the echo beside it: who is let in, and what is said. How it is carried is the room below.
 *
 * <p>May import: java, io.vertx.core, io.vertx.ext.web, io.madang.protocol,
 * io.madang.runtime.config, io.madang.gateway.edge.websocket, io.madang.gateway.edge.http, io.madang.gateway.connection,
 * io.madang.gateway.fanout, io.madang.gateway.identity, io.madang.gateway.limit.
 */
package io.madang.gateway.edge.websocket;
