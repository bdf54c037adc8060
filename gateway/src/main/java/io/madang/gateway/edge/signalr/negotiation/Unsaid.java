package io.madang.gateway.edge.signalr.negotiation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Hub messages for which no response waits, or whose response has enough on its way. Owns them, in order. On the connection's loop;
 * how much may wait is the conversation's to say.
 */
final class Unsaid {
  /** So much is taken at once, or one message if that alone is more. */
  private static final int PIECE_BYTES = 64 * 1024;

  private final Deque<byte[]> messages = new ArrayDeque<>();
  private long bytes;

  void add(byte[] next) {
    messages.add(next);
    bytes += next.length;
  }

  /** What was taken and is to be said again, before all else. */
  void putBack(List<byte[]> piece) {
    for (int i = piece.size() - 1; i >= 0; i--) {
      messages.addFirst(piece.get(i));
      bytes += piece.get(i).length;
    }
  }

  /** Takes the next messages, as many as one piece has room for; at least one, unless there is none. */
  List<byte[]> take() {
    List<byte[]> piece = new ArrayList<>();
    long taken = 0;
    while (!messages.isEmpty()
        && (piece.isEmpty() || taken + messages.element().length <= PIECE_BYTES)) {
      byte[] next = messages.remove();
      taken += next.length;
      piece.add(next);
    }
    bytes -= taken;
    return piece;
  }

  boolean isEmpty() {
    return messages.isEmpty();
  }

  long bytes() {
    return bytes;
  }

  void clear() {
    messages.clear();
    bytes = 0;
  }
}
