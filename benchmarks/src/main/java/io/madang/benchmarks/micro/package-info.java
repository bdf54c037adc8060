/**
 * What one message costs in the parts it passes, measured by JMH one part at a time.
 *
 * <p>May import: java, io.madang.protocol, io.madang.runtime, io.madang.gateway.fanout, io.micrometer, io.vertx.core, org.openjdk.jmh.
 */
package io.madang.benchmarks.micro;
