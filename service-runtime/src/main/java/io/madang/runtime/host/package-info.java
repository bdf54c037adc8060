/**
 * Runs a service on its own event loop: takes its commands and reads from the bus, and carries its publications to the
 * gateways that want them.
 *
 * <p>May import: java, io.vertx.core, io.micrometer, org.slf4j, io.madang.runtime.bus, io.madang.runtime.command, io.madang.runtime.config, io.madang.runtime.descriptor, io.madang.runtime.interest, io.madang.runtime.membership, io.madang.runtime.metrics, io.madang.runtime.service, io.madang.runtime.topic.
 */
package io.madang.runtime.host;
