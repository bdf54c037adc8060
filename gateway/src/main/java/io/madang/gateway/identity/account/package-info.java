/**
 * Names, passwords and ids: which are allowed, which are the same, and why a sign-in is refused. Pure; no I/O, no clock.
 *
 * <p>May import: java.
 */
package io.madang.gateway.identity.account;
