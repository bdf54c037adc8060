/**
 * The mesh as one process sees it: its node, its neighbours, the services it hosts, and what it is to a gateway.
 *
 * <p>May import: java, io.vertx.core, io.micrometer, org.slf4j, io.madang.runtime.bus, io.madang.runtime.command, io.madang.runtime.descriptor,
 * io.madang.runtime.host, io.madang.runtime.inspect, io.madang.runtime.interest, io.madang.runtime.membership, io.madang.runtime.mesh.ask,
 * io.madang.runtime.mesh.directory, io.madang.runtime.metrics, io.madang.runtime.service, io.madang.runtime.time, io.madang.runtime.topic.
 */
package io.madang.runtime.mesh;
