/**
 * What a process has cost so far, as the operating system and the JVM account for it, and what a database was asked.
 *
 * <p>May import: java, io.madang.benchmarks.product, io.vertx.sqlclient.
 */
package io.madang.benchmarks.measure;
