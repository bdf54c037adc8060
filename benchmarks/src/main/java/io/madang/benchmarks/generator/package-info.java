/**
 * The process that loads a server and hears it: many sockets on one thread, messages sent when they are due, and every
 * delivery of every client checked and timed without parsing JSON. It is told what to do line by line and owns nothing else.
 *
 * <p>May import: java, org.HdrHistogram, io.vertx.core.json.
 */
package io.madang.benchmarks.generator;
