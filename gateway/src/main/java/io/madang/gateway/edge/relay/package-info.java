/**
 * Conversations that are carried by many requests, each at one event loop of one gateway: how a request finds it there, from
 * another loop or another gateway, so that nothing is lost or said twice while both live. What is asked and answered is a plug.
 *
 * <p>May import: java, io.vertx.core, org.slf4j, io.madang.runtime.config, io.madang.runtime.topic,
 * io.madang.gateway.edge.relay, io.madang.gateway.identity, io.madang.gateway.limit.
 */
package io.madang.gateway.edge.relay;
