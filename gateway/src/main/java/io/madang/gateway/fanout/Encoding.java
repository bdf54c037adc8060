package io.madang.gateway.fanout;

import java.util.List;

/**
 * How an edge says publications to those of its connections that are told alike. One object for all of them: that is how {@link
 * Bundle} knows what it has made already.
 */
public interface Encoding<E extends Encoded> {
  E encode(List<SharedPublication> publications);
}
