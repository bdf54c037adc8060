/**
 * The way into the log: commands wait in lanes by topic, each lane has one connection and one call of the store under way.
 *
 * <p>May import: java, org.slf4j, com.fasterxml.jackson, io.vertx.core, io.vertx.sqlclient, io.vertx.pgclient, io.micrometer.core,
 * io.madang.contracts.chat, io.madang.runtime.postgres, io.madang.runtime.store, io.madang.runtime.topic, io.madang.chat.asker,
 * io.madang.chat.log.
 */
package io.madang.chat.sequencer;
