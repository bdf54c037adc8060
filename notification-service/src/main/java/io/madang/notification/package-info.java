/**
 * What a user should know and has not yet seen: the service that owns {@code notifications:<user>}.
 *
 * <p>May import: java, io.vertx.core, io.vertx.sqlclient, org.slf4j, com.fasterxml.jackson, io.madang.contracts.notification, io.madang.notification, io.madang.runtime.
 */
package io.madang.notification;
