/**
 * Hub connections that outlive the WebSockets that carry them: the numbers of messages both ways, what a client has not confirmed,
 * and the connection as its conversation sees it while one WebSocket takes the place of another.
 *
 * <p>May import: java, io.madang.protocol, io.madang.runtime.topic, io.madang.gateway.edge.relay, io.madang.gateway.edge.signalr.replay,
 * io.madang.gateway.edge.signalr.session, io.madang.gateway.edge.signalr.wire, io.madang.gateway.fanout, io.madang.gateway.identity,
 * io.madang.gateway.limit.
 */
package io.madang.gateway.edge.signalr.replay;
