package io.madang.gateway.fanout;

import java.util.List;

/**
 * How an edge says publications to all its connections alike. One object per edge: that is how {@link Bundle} knows what it has
 * made already.
 */
public interface Encoding<E extends Encoded> {
  E encode(List<SharedPublication> publications);
}
