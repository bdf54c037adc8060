package io.madang.gateway.fanout;

/** Publications in one {@link Encoding}, held for the connections of one loop. */
public interface Encoded {

  /** Everybody on the loop who is to be told has been; what still is on its way to somebody stays till it is there. */
  void release();
}
