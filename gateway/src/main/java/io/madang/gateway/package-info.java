/**
 * The gateway as a role of a process: its settings, its event loops, and how they start and stop. No business noun.
 *
 * <p>May import: java, io.vertx.core, io.vertx.ext.web, io.vertx.sqlclient, io.micrometer, org.slf4j, io.madang.protocol,
 * io.madang.runtime, io.madang.gateway.
 */
package io.madang.gateway;
