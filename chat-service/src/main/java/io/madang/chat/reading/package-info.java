/**
 * What may be read of rooms and inboxes, as the mesh asks for topics and people for pages. Each answer comes from one
 * statement, so nothing slips in between; readers that come together share one.
 *
 * <p>May import: java, com.fasterxml.jackson, io.vertx.core, io.vertx.sqlclient, io.madang.contracts.chat,
 * io.madang.runtime.command, io.madang.runtime.postgres, io.madang.runtime.service, io.madang.runtime.topic, io.madang.chat.asker,
 * io.madang.chat.log.
 */
package io.madang.chat.reading;
