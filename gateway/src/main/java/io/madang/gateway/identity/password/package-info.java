/**
 * Passwords as Argon2id hashes. Blocking, hungry work: the hash itself is pure, and {@link
 * io.madang.gateway.identity.password.PasswordWorkers} is the only way to it from an event loop.
 *
 * <p>May import: java, io.vertx.core, org.bouncycastle.crypto, io.madang.gateway.identity.account.
 */
package io.madang.gateway.identity.password;
