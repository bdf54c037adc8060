/**
 * Event streams on Netty: the answer that does not end, and the events in it.
 *
 * <p>May import: java, io.netty, io.vertx.core, org.slf4j, io.madang.protocol, io.madang.runtime.topic,
 * io.madang.gateway.edge.sse.wire, io.madang.gateway.edge.websocket.wire, io.madang.gateway.fanout.
 */
package io.madang.gateway.edge.sse.wire;
