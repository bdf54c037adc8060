package io.madang.gateway.edge.signalr.replay;

import java.util.Arrays;

/** Hub messages that were said together. */
public final class Piece {
  private final byte[] messages;
  private final int count;

  /**
   * @param messages whole ones, shared: read only
   * @param count how many of them have a number; at least one
   */
  public Piece(byte[] messages, int count) {
    this.messages = messages;
    this.count = count;
  }

  public byte[] messages() {
    return messages;
  }

  public int count() {
    return count;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Piece piece
        && piece.count == count
        && Arrays.equals(piece.messages, messages);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(messages) + count;
  }
}
