/**
 * The native door {@code /ws} and the echo beside it. The one room that touches how Vert.x and Netty carry WebSockets.
 *
 * <p>May import: java, io.netty, io.vertx.core, io.vertx.ext.web, org.slf4j, io.madang.protocol,
 * io.madang.runtime.config, io.madang.gateway.edge.websocket, io.madang.gateway.edge.http, io.madang.gateway.connection,
 * io.madang.gateway.fanout, io.madang.gateway.identity, io.madang.gateway.limit.
 */
package io.madang.gateway.edge.websocket;
