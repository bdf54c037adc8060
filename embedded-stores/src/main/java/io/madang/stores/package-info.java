/**
 * PostgreSQL and Redis as child processes with a kept data directory, for processes that bring their
 * own stores. Every call here blocks and is made by launchers and tests, never on an event loop.
 *
 * <p>May import: java, org.slf4j, org.apache.commons.compress, org.tukaani.xz, io.madang.stores.
 */
package io.madang.stores;
