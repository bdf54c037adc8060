/**
 * What clients of SignalR ask over HTTP: the negotiation, responses that wait, requests that bring messages, and whether a
 * WebSocket may carry what was negotiated.
 *
 * <p>May import: java, io.vertx.core, io.madang.protocol, io.madang.runtime.hub, io.madang.runtime.topic, io.madang.gateway.command,
 * io.madang.gateway.edge.signalr.http, io.madang.gateway.edge.signalr.negotiation, io.madang.gateway.edge.signalr.replay, io.madang.gateway.edge.signalr.session,
 * io.madang.gateway.edge.http, io.madang.gateway.edge.relay, io.madang.gateway.edge.websocket, io.madang.gateway.identity,
 * io.madang.gateway.limit.
 */
package io.madang.gateway.edge.signalr.http;
