/**
 * Makes a process lose, double and delay what it says to others, and die at a chosen point, when a test tells it to.
 *
 * <p>May import: java, io.vertx.core, org.slf4j, io.madang.runtime.bus.
 */
package io.madang.runtime.fault;
