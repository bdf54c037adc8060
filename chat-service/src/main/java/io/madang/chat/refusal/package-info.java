/**
 * Why the domain says no, in the codes and sentences that people get.
 *
 * <p>May import: java, com.fasterxml.jackson, io.madang.runtime.command, io.madang.runtime.topic.
 */
package io.madang.chat.refusal;
