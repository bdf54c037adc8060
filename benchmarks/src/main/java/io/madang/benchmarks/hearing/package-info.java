/**
 * What clients hear, judged: frames cut from bytes, publications found by their marks, each client's own order, how late each
 * delivery was. No sockets, no clock, one thread.
 *
 * <p>May import: java, org.HdrHistogram.
 */
package io.madang.benchmarks.hearing;
