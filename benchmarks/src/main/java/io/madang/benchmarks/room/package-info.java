/**
 * Many connections in one room of a product started for it: how many deliveries it bears, how late they are, what they cost,
 * and whether each one came once and in order.
 *
 * <p>May import: java, io.madang.client, io.madang.protocol, org.HdrHistogram, com.fasterxml.jackson.core.
 */
package io.madang.benchmarks.room;
