/**
 * JSON as bytes: reads one text strictly, hands out its parts unparsed, and carries opaque values through.
 *
 * <p>May import: java, com.fasterxml.jackson.core, io.madang.protocol.json.
 */
package io.madang.protocol.json;
