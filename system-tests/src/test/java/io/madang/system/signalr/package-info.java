/**
 * Microsoft's own clients of hubs, as processes that a test steers: which kinds there are, one client of any of them, and a crowd
 * that does the same at the same time. Knows no mesh.
 *
 * <p>May import: java, javax.tools, io.madang.testkit, com.google.gson.
 */
package io.madang.system.signalr;
