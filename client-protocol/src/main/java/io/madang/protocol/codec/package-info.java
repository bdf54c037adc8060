/**
 * Frames to and from JSON: the one home of the field names of {@code madang.v1}.
 *
 * <p>May import: java, com.fasterxml.jackson.core, io.madang.protocol.codec, io.madang.protocol.frame,
 * io.madang.protocol.json, io.madang.protocol.code.
 */
package io.madang.protocol.codec;
