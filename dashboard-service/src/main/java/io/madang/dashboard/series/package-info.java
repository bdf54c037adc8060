/**
 * The last ten minutes of every metric, in Redis: scripts decide which node's sample makes the line of a second.
 *
 * <p>May import: java, io.vertx.core, io.vertx.redis.client, io.madang.contracts.dashboard, io.madang.dashboard.metric, io.madang.runtime.redis, io.madang.runtime.topic.
 */
package io.madang.dashboard.series;
