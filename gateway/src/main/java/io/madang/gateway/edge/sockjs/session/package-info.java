/**
 * A SockJS session as one conversation: where it lives, who speaks in it, what waits for its client, and what it is carried on.
 * Each belongs to one event loop, whichever connections its requests come on.
 *
 * <p>May import: java, io.vertx.core, org.slf4j, io.madang.protocol, io.madang.gateway.edge.sockjs.session, io.madang.gateway.edge.relay,
 * io.madang.gateway.edge.sockjs.text, io.madang.gateway.edge.websocket, io.madang.gateway.fanout, io.madang.gateway.identity,
 * io.madang.gateway.limit.
 */
package io.madang.gateway.edge.sockjs.session;
