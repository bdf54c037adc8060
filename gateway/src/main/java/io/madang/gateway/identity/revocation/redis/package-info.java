/**
 * The log of revocations as a stream of Redis.
 *
 * <p>May import: java, io.vertx.core, io.vertx.redis.client, io.madang.runtime.redis, io.madang.gateway.identity.revocation.
 */
package io.madang.gateway.identity.revocation.redis;
