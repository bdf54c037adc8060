/**
 * People by id and name: who was seen, whom a name means, whom a text mentions.
 *
 * <p>May import: java, org.slf4j, com.fasterxml.jackson, io.vertx.core, io.vertx.sqlclient, io.madang.contracts.chat,
 * io.madang.runtime.command.
 */
package io.madang.chat.people;
