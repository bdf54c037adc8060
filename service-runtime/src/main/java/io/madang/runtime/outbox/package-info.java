/**
 * Commands for other services that were written down in one transaction with what caused them, brought to those services
 * until they answer.
 *
 * <p>May import: java, org.slf4j, io.micrometer.core, io.vertx.core, io.vertx.sqlclient, io.madang.runtime.command,
 * io.madang.runtime.service, io.madang.runtime.topic.
 */
package io.madang.runtime.outbox;
