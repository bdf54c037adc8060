/**
 * Sessions that live on another gateway: what the gateway that was asked and the one that has the session say to each other, so
 * that nothing is lost or said twice while both live.
 *
 * <p>May import: java, io.vertx.core, org.slf4j, io.madang.runtime.config, io.madang.runtime.topic,
 * io.madang.gateway.edge.sockjs.relay, io.madang.gateway.edge.sockjs.session, io.madang.gateway.edge.sockjs.text,
 * io.madang.gateway.identity, io.madang.gateway.limit.
 */
package io.madang.gateway.edge.sockjs.relay;
