/**
 * Passwords of rooms: made into verifiers and checked on worker threads, as both take time on purpose; wrong ones counted.
 *
 * <p>May import: java, javax.crypto, io.vertx.core, io.madang.contracts.chat, io.madang.runtime.store.
 */
package io.madang.chat.password;
