/**
 * What can be asked here, written down for programs and for people: made of the services' descriptors and of what the gateway
 * itself takes.
 *
 * <p>May import: java, com.fasterxml.jackson, io.vertx.core, io.vertx.ext.web, io.madang.protocol, io.madang.runtime.descriptor,
 * io.madang.runtime.mesh, io.madang.gateway.edge.docs, io.madang.gateway.edge.http.
 */
package io.madang.gateway.edge.docs;
