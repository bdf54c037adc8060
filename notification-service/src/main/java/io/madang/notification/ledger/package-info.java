/**
 * What each user was told and what of it is read, in PostgreSQL: one call of a database function per command.
 *
 * <p>May import: java, io.vertx.core, io.vertx.sqlclient, io.madang.contracts.notification, io.madang.runtime.postgres,
 * io.madang.runtime.topic.
 */
package io.madang.notification.ledger;
