/**
 * What a command is to its service: who asks, what for, and the two ways to answer.
 *
 * <p>May import: java, io.madang.runtime.topic.
 */
package io.madang.runtime.command;
