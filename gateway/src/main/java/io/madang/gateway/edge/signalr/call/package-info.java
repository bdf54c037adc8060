/**
 * What one client calls at its hub and what services ask it, until each is completed: commands, streams both ways, topics that calls
 * join. What a connection is, it knows by what it asks of it.
 *
 * <p>May import: java, com.fasterxml.jackson, io.madang.protocol, io.madang.runtime.command, io.madang.runtime.descriptor.hub,
 * io.madang.runtime.hub, io.madang.runtime.service, io.madang.runtime.topic, io.madang.gateway.edge.signalr.call,
 * io.madang.gateway.edge.signalr.meaning, io.madang.gateway.edge.signalr.wire.
 */
package io.madang.gateway.edge.signalr.call;
