/**
 * The newest lines of this process's own log, in memory: taken from Logback on whatever thread writes, kept on one event loop.
 *
 * <p>May import: java, ch.qos.logback, org.slf4j, io.vertx.core, io.madang.contracts.dashboard.
 */
package io.madang.dashboard.logtail;
