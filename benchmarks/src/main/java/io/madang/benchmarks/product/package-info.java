/**
 * The product as it is run: its stores, one process for each node, people who may sign in; and the promise that nothing of it
 * is left when the run ends, however it ends.
 *
 * <p>May import: java, io.madang.stores, io.vertx.core, io.vertx.pgclient, io.vertx.sqlclient.
 */
package io.madang.benchmarks.product;
