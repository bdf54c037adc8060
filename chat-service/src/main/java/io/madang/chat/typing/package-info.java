/**
 * Who types where, told at most once a second: the pace as a plain object, and what tells it.
 *
 * <p>May import: java, io.vertx.core, io.madang.contracts.chat, io.madang.runtime.command, io.madang.runtime.service,
 * io.madang.runtime.topic.
 */
package io.madang.chat.typing;
