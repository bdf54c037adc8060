package io.madang.benchmarks.hearing;

import java.util.Arrays;

/** Where a publication stands in the bytes that came; as a frame of its own, or else within an answer. */
public final class Piece {
  private static final byte[] NONE = {};

  private final byte[] bytes;
  private final int from;
  private final int to;
  private final boolean isFrame;

  public Piece(byte[] bytes, int from, int to, boolean isFrame) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.isFrame = isFrame;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int from() {
    return from;
  }

  public int to() {
    return to;
  }

  /** To compare with what others get; none when it is written otherwise there. */
  public byte[] frame() {
    return isFrame ? Arrays.copyOfRange(bytes, from, to) : NONE;
  }

  public boolean differsFrom(Heard heard) {
    return isFrame && heard.hasBytes() && !heard.is(bytes, from, to);
  }
}
