/**
 * Who is at the door: the words in which every edge asks and is answered, the rule for origins, and the settings. No I/O.
 *
 * <p>May import: java, io.vertx.core.Future, io.madang.runtime.config.
 */
package io.madang.gateway.identity;
