/**
 * PostgreSQL: its address, a bounded pool, single held connections, migrations at start. Only migrations use JDBC, and they
 * block a worker thread.
 *
 * <p>May import: java, org.slf4j, org.flywaydb.core, io.vertx.core, io.vertx.sqlclient, io.vertx.pgclient,
 * io.madang.runtime.store, io.madang.runtime.postgres.
 */
package io.madang.runtime.postgres;
