package io.madang.gateway.edge.relay;

import io.madang.runtime.topic.Payload;

/**
 * The requests of one kind of conversation as bytes, for homes at other gateways. Reading throws {@link IllegalArgumentException}
 * when the bytes are none, as from a gateway of a version to come.
 */
public interface RequestCodec<Q, M> {
  Payload receiving(Q request);

  Q receiving(Payload bytes);

  Payload delivery(M request);

  M delivery(Payload bytes);
}
