/**
 * How this node asks others: commands in order, reads, streams and uploads, each at the node that is for it and again elsewhere while
 * that is safe; what is open is kept on the mesh loop.
 *
 * <p>May import: java, io.vertx.core, io.madang.runtime.bus, io.madang.runtime.command, io.madang.runtime.descriptor,
 * io.madang.runtime.membership, io.madang.runtime.mesh.ask, io.madang.runtime.mesh.directory, io.madang.runtime.service,
 * io.madang.runtime.time, io.madang.runtime.topic.
 */
package io.madang.runtime.mesh.ask;
