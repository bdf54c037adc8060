/**
 * Plain HTTP: commands, descriptors and history for programs, the pages for people, and what every request is held to.
 *
 * <p>May import: java, com.fasterxml.jackson, io.vertx.core, io.vertx.ext.web, org.slf4j, io.madang.protocol,
 * io.madang.runtime, io.madang.gateway.edge.http, io.madang.gateway.command, io.madang.gateway.connection,
 * io.madang.gateway.fanout, io.madang.gateway.identity, io.madang.gateway.limit.
 */
package io.madang.gateway.edge.http;
