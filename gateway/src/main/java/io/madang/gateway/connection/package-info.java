/**
 * One client's link as a state machine that knows no transport: frames in, frames out, deadlines met. Everything here
 * belongs to one event loop.
 *
 * <p>May import: java, io.vertx.core, org.slf4j, io.madang.protocol, io.madang.runtime.command, io.madang.runtime.config,
 * io.madang.runtime.mesh, io.madang.runtime.service, io.madang.runtime.topic, io.madang.gateway.connection,
 * io.madang.gateway.command, io.madang.gateway.fanout, io.madang.gateway.identity, io.madang.gateway.limit.
 */
package io.madang.gateway.connection;
