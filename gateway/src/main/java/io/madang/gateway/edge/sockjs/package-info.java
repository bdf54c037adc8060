/**
 * The native frames over SockJS, for clients whose network lets no WebSocket through.
 *
 * <p>May import: java, io.vertx.core, io.vertx.ext.web, org.slf4j, io.madang.protocol, io.madang.gateway.edge.sockjs,
 * io.madang.gateway.edge.http, io.madang.gateway.edge.websocket, io.madang.gateway.connection, io.madang.gateway.fanout,
 * io.madang.gateway.identity, io.madang.gateway.limit.
 */
package io.madang.gateway.edge.sockjs;
