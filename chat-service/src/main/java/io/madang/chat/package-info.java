/**
 * Rooms, members and messages.
 *
 * <p>May import: java.
 */
package io.madang.chat;
