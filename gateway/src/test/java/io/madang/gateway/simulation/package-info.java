/**
 * A whole mesh in one thread: the product's own gateways, meshes and service hosts on a virtual clock, with a bus, a cluster and
 * a store that fail as a seed says, and clients that hold what they hear against the committed log.
 *
 * <p>May import: java, ch.qos.logback, io.micrometer, io.vertx.core, org.assertj, org.junit, org.slf4j, io.madang.gateway, io.madang.protocol, io.madang.runtime.
 */
package io.madang.gateway.simulation;
