/**
 * presence-service: who is connected, where, in which state, and who is in which room. Stateless: all of it lies in Redis.
 *
 * <p>May import: java, io.vertx.core, org.slf4j, io.micrometer, io.madang.contracts.presence, io.madang.presence, io.madang.runtime.
 */
package io.madang.presence;
