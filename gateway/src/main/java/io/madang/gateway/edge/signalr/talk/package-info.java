/**
 * What is said on hub connections, from their handshake to their goodbye, as frames of a connection of this gateway and back: the way
 * in, the way to another gateway, signs of life, and what waits to be said or taken.
 *
 * <p>May import: java, io.vertx.core, org.slf4j, com.fasterxml.jackson, io.madang.protocol, io.madang.runtime.command,
 * io.madang.runtime.descriptor.hub, io.madang.runtime.hub, io.madang.runtime.service, io.madang.runtime.topic,
 * io.madang.gateway.connection, io.madang.gateway.edge.signalr.call, io.madang.gateway.edge.signalr.meaning,
 * io.madang.gateway.edge.signalr.session, io.madang.gateway.edge.signalr.talk, io.madang.gateway.edge.signalr.wire,
 * io.madang.gateway.fanout, io.madang.gateway.identity, io.madang.gateway.limit.
 */
package io.madang.gateway.edge.signalr.talk;
