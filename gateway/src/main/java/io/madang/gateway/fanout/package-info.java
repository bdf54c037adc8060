/**
 * Brings publications to the connections that subscribed: ordered per topic once per node, copied once per event loop.
 *
 * <p>May import: java, io.vertx.core, io.micrometer, org.slf4j, io.madang.protocol, io.madang.runtime.
 */
package io.madang.gateway.fanout;
