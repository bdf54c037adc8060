/**
 * What the store kept of a topic, read once and turned into what people hear: events, publications, messages, rooms.
 *
 * <p>May import: java, com.fasterxml.jackson, io.madang.contracts.chat, io.madang.runtime.topic, io.madang.chat.asker.
 */
package io.madang.chat.log;
