/**
 * What tests of every module stand on: real stores, other processes, free ports. Everything here blocks and is called from a
 * test's thread.
 *
 * <p>May import: java, javax.crypto, com.sun.net.httpserver, org.slf4j, org.testcontainers, io.madang.stores, io.madang.testkit.
 */
package io.madang.testkit;
