/**
 * One held connection to a store, lost and found again: who waits how long for what, and how the rest of the process learns of
 * it. Knows no particular store.
 *
 * <p>May import: java, org.slf4j, io.vertx.core, io.madang.runtime.store.
 */
package io.madang.runtime.store;
