package io.madang.gateway.edge.signalr.replay;

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
}
