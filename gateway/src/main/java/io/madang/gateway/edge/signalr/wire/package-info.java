/**
 * The hub protocol as bytes, in JSON and in MessagePack: pure, one object per connection only where a message may come in parts.
 *
 * <p>May import: java, com.fasterxml.jackson, io.madang.protocol.
 */
package io.madang.gateway.edge.signalr.wire;
