/**
 * What is said on hub connections: their handshake, calls, streams and events, as frames of a connection of this gateway and back.
 *
 * <p>May import: java, io.vertx.core, org.slf4j, com.fasterxml.jackson, io.madang.protocol, io.madang.runtime.command, io.madang.runtime.config,
 * io.madang.runtime.descriptor, io.madang.runtime.descriptor.hub, io.madang.runtime.hub, io.madang.runtime.mesh, io.madang.runtime.service, io.madang.runtime.topic,
 * io.madang.gateway.connection, io.madang.gateway.edge.signalr.session, io.madang.gateway.edge.signalr.talk, io.madang.gateway.edge.signalr.wire, io.madang.gateway.fanout, io.madang.gateway.identity,
 * io.madang.gateway.limit.
 */
package io.madang.gateway.edge.signalr.talk;
