/**
 * What nodes say to each other, how it looks on the wire, and the one address each node listens on.
 *
 * <p>May import: java, io.vertx.core, org.slf4j, javax.crypto, io.madang.runtime.config,
 * io.madang.runtime.topic, io.madang.runtime.command, io.madang.runtime.service, io.madang.runtime.inspect, io.madang.runtime.membership.
 */
package io.madang.runtime.bus;
