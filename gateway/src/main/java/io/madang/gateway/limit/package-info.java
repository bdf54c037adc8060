/**
 * What clients may use of a gateway: how many connections, how many requests, how much time. Plain objects that are told
 * the time, plus the one hop to the counts that all event loops share.
 *
 * <p>May import: java, io.vertx.core, io.madang.gateway.limit.
 */
package io.madang.gateway.limit;
