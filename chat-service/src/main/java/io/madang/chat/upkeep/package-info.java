/**
 * Sweeps away what nobody can ask for any more.
 *
 * <p>May import: java, org.slf4j, io.vertx.core, io.vertx.sqlclient.
 */
package io.madang.chat.upkeep;
