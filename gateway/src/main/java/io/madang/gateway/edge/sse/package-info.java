/**
 * Server-sent events: topics as one answer of HTTP that does not end.
 *
 * <p>May import: java, io.vertx.core, io.vertx.ext.web, org.slf4j, io.madang.protocol, io.madang.runtime.config,
 * io.madang.runtime.topic, io.madang.gateway.edge.sse, io.madang.gateway.edge.http, io.madang.gateway.edge.websocket,
 * io.madang.gateway.command, io.madang.gateway.connection, io.madang.gateway.fanout, io.madang.gateway.identity, io.madang.gateway.limit.
 */
package io.madang.gateway.edge.sse;
