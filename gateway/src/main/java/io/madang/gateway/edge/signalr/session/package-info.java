/**
 * Between a hub connection and what carries its bytes: what each may ask of the other, on one event loop.
 *
 * <p>May import: java, io.madang.protocol, io.madang.runtime.hub, io.madang.runtime.topic, io.madang.gateway.edge.signalr.wire, io.madang.gateway.edge.websocket.wire, io.madang.gateway.fanout, io.madang.gateway.identity.
 */
package io.madang.gateway.edge.signalr.session;
