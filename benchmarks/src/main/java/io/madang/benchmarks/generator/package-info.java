/**
 * The process that loads a server and hears it: many sockets on one thread, and messages sent when they are due. It is told
 * what to do line by line and ends with its input.
 *
 * <p>May import: java, org.HdrHistogram, io.vertx.core.json, io.madang.benchmarks.hearing.
 */
package io.madang.benchmarks.generator;
