/**
 * WebSockets as bytes: from the HTTP request on which one begins to the channel's end. The one room that touches how Netty and
 * Vert.x carry them; others see messages, and frames that sockets share.
 *
 * <p>May import: java, io.netty, io.vertx.core, org.slf4j, io.madang.protocol, io.madang.gateway.edge.websocket.wire,
 * io.madang.gateway.fanout, io.madang.gateway.limit.
 */
package io.madang.gateway.edge.websocket.wire;
