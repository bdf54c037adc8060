/**
 * How a service is written: it owns topics and answers commands, and that is all.
 *
 * <p>May import: java, io.vertx.core, io.micrometer, io.madang.runtime.topic, io.madang.runtime.command, io.madang.runtime.descriptor, io.madang.runtime.inspect, io.madang.runtime.membership.
 */
package io.madang.runtime.service;
