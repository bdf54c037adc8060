/**
 * What a client may say to a gateway and what it may hear, one record per frame of {@code madang.v1}.
 *
 * <p>May import: java, io.madang.protocol.frame, io.madang.protocol.json, io.madang.protocol.code.
 */
package io.madang.protocol.frame;
