/**
 * SockJS 0.3.3 as a server of our own: what each address answers, how each transport is asked and looks, and which gateway is
 * asked. Sessions are the room below, what is said in them is a plug.
 *
 * <p>May import: java, io.vertx.core, io.vertx.ext.web, org.slf4j, io.madang.protocol, io.madang.runtime.membership,
 * io.madang.runtime.topic, io.madang.gateway.edge.sockjs, io.madang.gateway.edge.relay, io.madang.gateway.edge.http, io.madang.gateway.edge.websocket, io.madang.gateway.connection,
 * io.madang.gateway.identity, io.madang.gateway.limit.
 */
package io.madang.gateway.edge.sockjs;
