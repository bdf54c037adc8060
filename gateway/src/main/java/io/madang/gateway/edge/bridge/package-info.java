/**
 * Frames of the Vert.x event-bus bridge, as its official clients speak them, in sessions of SockJS: an address is a topic or a
 * service.
 *
 * <p>May import: java, com.fasterxml.jackson.core, io.madang.protocol, io.madang.runtime.descriptor, io.madang.runtime.mesh,
 * io.madang.runtime.topic, io.madang.gateway.edge.bridge, io.madang.gateway.edge.http, io.madang.gateway.edge.sockjs.session,
 * io.madang.gateway.edge.sockjs.talk, io.madang.gateway.edge.sockjs.text, io.madang.gateway.connection,
 * io.madang.gateway.fanout.
 */
package io.madang.gateway.edge.bridge;
