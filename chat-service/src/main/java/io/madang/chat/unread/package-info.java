/**
 * Live counts of what is unread, for inboxes that somebody listens to.
 *
 * <p>May import: java, org.slf4j, io.vertx.core, io.vertx.sqlclient, io.madang.contracts.chat, io.madang.runtime.service,
 * io.madang.runtime.topic, io.madang.chat.log.
 */
package io.madang.chat.unread;
