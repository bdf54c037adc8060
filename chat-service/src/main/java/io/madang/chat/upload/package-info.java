/**
 * Files in rooms: kept in parts in PostgreSQL as they come, so that any node takes the next part and any node reads them.
 *
 * <p>May import: java, com.fasterxml.jackson, io.vertx.core, io.vertx.sqlclient, org.slf4j, io.madang.contracts.chat,
 * io.madang.runtime, io.madang.chat.refusal, io.madang.chat.upload.
 */
package io.madang.chat.upload;
