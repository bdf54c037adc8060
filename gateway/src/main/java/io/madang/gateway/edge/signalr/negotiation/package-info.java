/**
 * Hub connections that were negotiated: the token that proves one, where it lives until it ends, and what carries it over HTTP
 * responses, one after the other or one that streams. Each belongs to one event loop, whichever its requests come on.
 *
 * <p>May import: java, javax.crypto, io.madang.protocol, io.madang.runtime.hub, io.madang.runtime.topic, io.vertx.core,
 * io.madang.gateway.edge.signalr.negotiation, io.madang.gateway.edge.signalr.replay, io.madang.gateway.edge.signalr.session, io.madang.gateway.edge.relay,
 * io.madang.gateway.fanout, io.madang.gateway.identity, io.madang.gateway.limit.
 */
package io.madang.gateway.edge.signalr.negotiation;
