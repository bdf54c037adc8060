/**
 * The client library for Java applications: reconnect, resume, typed events.
 *
 * <p>May import: java.
 */
package io.madang.client;
