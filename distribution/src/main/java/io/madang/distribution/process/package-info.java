/**
 * One process: which roles it may have, which settings it reads, and its way from start to stop. Blocks its own main thread.
 *
 * <p>May import: java, org.slf4j, io.vertx.core, io.madang.distribution, io.madang.runtime, io.madang.stores, io.madang.gateway, io.madang.chat, io.madang.presence, io.madang.notification, io.madang.dashboard.
 */
package io.madang.distribution.process;
