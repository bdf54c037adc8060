/**
 * What a service says of itself: its topics, commands and what they take; and the check of arguments against it.
 *
 * <p>May import: java, com.fasterxml.jackson, io.madang.runtime.command, io.madang.runtime.descriptor.hub, io.madang.runtime.topic.
 */
package io.madang.runtime.descriptor;
