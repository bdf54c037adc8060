/**
 * The chat service: rooms, members, messages and inboxes in PostgreSQL. This is its door; each part has a room of its own.
 *
 * <p>May import: java, org.slf4j, com.fasterxml.jackson, io.micrometer.core, io.vertx.core, io.vertx.sqlclient,
 * io.madang.contracts.chat, io.madang.runtime, io.madang.chat.
 */
package io.madang.chat;
