/**
 * Redis over one held, pipelined connection per owner, with scripts. Publish and subscribe are not used: what must not be lost
 * is read from keys.
 *
 * <p>May import: java, io.vertx.core, io.vertx.redis.client, io.madang.runtime.store, io.madang.runtime.redis.
 */
package io.madang.runtime.redis;
