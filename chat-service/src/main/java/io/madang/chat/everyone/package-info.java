/**
 * What is said to everyone at once: how much of it one person may say, what of it is told in batches, what of it is safe to show.
 *
 * <p>May import: java, io.vertx.core, io.madang.contracts.chat, io.madang.runtime.command, io.madang.runtime.service,
 * io.madang.runtime.topic, io.madang.chat.log, io.madang.chat.refusal.
 */
package io.madang.chat.everyone;
