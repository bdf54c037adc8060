/**
 * Hubs for SignalR clients: which paths they are at, who is let in, and the WebSockets among what carries them. What a hub is, the
 * services say.
 *
 * <p>May import: java, io.vertx.core, io.vertx.ext.web, io.madang.protocol, io.madang.runtime.config, io.madang.runtime.hub,
 * io.madang.runtime.mesh, io.madang.gateway.command, io.madang.gateway.connection, io.madang.gateway.edge.http, io.madang.gateway.edge.relay, io.madang.gateway.edge.signalr, io.madang.gateway.edge.signalr.http, io.madang.gateway.edge.signalr.replay, io.madang.gateway.edge.signalr.session,
 * io.madang.gateway.edge.websocket, io.madang.gateway.edge.websocket.wire,
 * io.madang.gateway.fanout, io.madang.gateway.identity, io.madang.gateway.identity.http, io.madang.gateway.limit.
 */
package io.madang.gateway.edge.signalr;
