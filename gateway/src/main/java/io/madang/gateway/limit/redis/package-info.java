/**
 * What the gateways of a mesh allow together, kept in Redis by scripts. No request waits for it.
 *
 * <p>May import: java, io.vertx.core, io.vertx.redis.client, io.madang.runtime.redis, io.madang.gateway.limit.
 */
package io.madang.gateway.limit.redis;
