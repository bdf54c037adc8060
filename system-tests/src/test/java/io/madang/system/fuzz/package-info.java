/**
 * Doors that are fed what nobody meant: inputs of a seeded generator, many of them, at the side of somebody who is served.
 *
 * <p>May import: java, io.vertx.core, io.madang.client, io.madang.protocol, io.madang.system.fuzz, org.awaitility.
 */
package io.madang.system.fuzz;
