/**
 * How a service is written and hosted: it owns topics and answers commands, and that is all.
 *
 * <p>May import: java, io.vertx.core, io.micrometer, org.slf4j, io.madang.runtime.topic, io.madang.runtime.command, io.madang.runtime.descriptor, io.madang.runtime.bus, io.madang.runtime.interest, io.madang.runtime.membership.
 */
package io.madang.runtime.service;
