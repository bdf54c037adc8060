/**
 * Which services there are, what they say of themselves, and since when one is missed. One writer, no clock of its own, no Vert.x.
 *
 * <p>May import: java, org.slf4j, io.madang.runtime.command, io.madang.runtime.descriptor, io.madang.runtime.hub,
 * io.madang.runtime.topic.
 */
package io.madang.runtime.mesh.directory;
