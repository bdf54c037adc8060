/**
 * What clients ask of services, in the client's words: frames in, replies and refusals out.
 *
 * <p>May import: java, io.vertx.core, org.slf4j, io.madang.protocol, io.madang.runtime.command, io.madang.runtime.mesh,
 * io.madang.runtime.service, io.madang.runtime.topic, io.madang.gateway.command, io.madang.gateway.identity.
 */
package io.madang.gateway.command;
