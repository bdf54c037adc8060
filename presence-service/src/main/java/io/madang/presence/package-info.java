/**
 * Who is connected and who is in which room.
 *
 * <p>May import: java.
 */
package io.madang.presence;
