/**
 * What is said in SockJS sessions whose clients are connections of this gateway: the native frames, and what other protocols
 * have in common with them.
 *
 * <p>May import: java, io.vertx.core, io.madang.protocol, io.madang.gateway.edge.sockjs.talk, io.madang.gateway.edge.sockjs.session,
 * io.madang.gateway.edge.sockjs.text, io.madang.gateway.connection, io.madang.gateway.fanout, io.madang.gateway.identity.
 */
package io.madang.gateway.edge.sockjs.talk;
