/**
 * Presence in Redis: one Lua script per step, each atomic, each allotting the positions of what it changes.
 *
 * <p>May import: java, io.vertx.core, io.vertx.redis.client, io.madang.contracts.presence, io.madang.presence.roster, io.madang.runtime.redis, io.madang.runtime.topic.
 */
package io.madang.presence.store;
