/**
 * The streams: the time, a made-up price, the log of this process. Each sends only what its reader has credit for.
 *
 * <p>May import: java, io.vertx.core, io.madang.contracts.dashboard, io.madang.dashboard.logtail, io.madang.runtime.service, io.madang.runtime.topic.
 */
package io.madang.dashboard.stream;
