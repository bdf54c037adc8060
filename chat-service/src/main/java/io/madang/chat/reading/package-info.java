/**
 * What may be read of rooms and inboxes, as the mesh asks for topics and people for pages. Each answer is one statement, so
 * nothing slips in between.
 *
 * <p>May import: java, com.fasterxml.jackson, io.vertx.core, io.vertx.sqlclient, io.madang.contracts.chat,
 * io.madang.runtime.command, io.madang.runtime.service, io.madang.runtime.topic, io.madang.chat.log.
 */
package io.madang.chat.reading;
