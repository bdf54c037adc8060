/**
 * The protocol of hubs as bytes, without a client of anybody's: what is asked and heard there, in both of its formats.
 *
 * <p>May import: java, com.google.gson.
 */
package io.madang.system.hubs;
