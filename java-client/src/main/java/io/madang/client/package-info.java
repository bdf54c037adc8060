/**
 * The client library for applications on the JVM: one connection that comes back by itself, topics whose publications arrive
 * once and in order, commands that are given once.
 *
 * <p>May import: java, io.madang.protocol.
 */
package io.madang.client;
