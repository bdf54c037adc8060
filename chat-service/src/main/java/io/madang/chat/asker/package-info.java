/**
 * Who gives a command and under which id, as the store knows them.
 *
 * <p>May import: java, io.madang.runtime.command.
 */
package io.madang.chat.asker;
