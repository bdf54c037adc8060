/**
 * The door to the mesh: connections, sessions, subscriptions, commands.
 *
 * <p>May import: java.
 */
package io.madang.gateway;
