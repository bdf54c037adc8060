/**
 * What others would do, as small servers of their own, so that the machine and the tools that measure us measure them too.
 *
 * <p>May import: java, io.vertx.core, io.vertx.ext.bridge, io.vertx.ext.web.
 */
package io.madang.benchmarks.baseline;
