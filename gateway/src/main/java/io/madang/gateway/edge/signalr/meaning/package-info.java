/**
 * What hubs mean, as services describe them: which method a call is of, which values its clients are told, and which messages a
 * publication is, made once for all of them. Knows no connection and keeps nothing of any.
 *
 * <p>May import: java, com.fasterxml.jackson, io.madang.protocol, io.madang.runtime.command, io.madang.runtime.descriptor,
 * io.madang.runtime.hub, io.madang.runtime.mesh, io.madang.runtime.topic, io.madang.gateway.edge.signalr.meaning,
 * io.madang.gateway.edge.signalr.session, io.madang.gateway.edge.signalr.wire, io.madang.gateway.fanout.
 */
package io.madang.gateway.edge.signalr.meaning;
